// A bare Bolt app for JavaScript, as its tutorial has it: one command, acknowledged from memory.
const { App, LogLevel } = require("@slack/bolt");

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

app.command("/aikeys", async ({ ack }) => {
  await ack();
});

app.start();
