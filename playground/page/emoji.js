// The shortcodes people and bots use most; the system's emoji font draws them.

const TABLE = `
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|warning ⚠️|no_entry ⛔
no_entry_sign 🚫|octagonal_sign 🛑|rotating_light 🚨|bell 🔔|no_bell 🔕|fire 🔥|boom 💥|zap ⚡|bug 🐛|ambulance 🚑
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣
white_circle ⚪|black_circle ⚫|large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩
large_blue_square 🟦|small_red_triangle 🔺|small_red_triangle_down 🔻|small_blue_diamond 🔹|small_orange_diamond 🔸
large_blue_diamond 🔷|large_orange_diamond 🔶|arrow_up ⬆️|arrow_down ⬇️|arrow_right ➡️|arrow_left ⬅️|arrow_upper_right ↗️
arrow_lower_right ↘️|arrows_counterclockwise 🔄|rewind ⏪|fast_forward ⏩|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️
alarm_clock ⏰|clock3 🕒|watch ⌚|calendar 📆|date 📅|lock 🔒|unlock 🔓|key 🔑|old_key 🗝️|closed_lock_with_key 🔐|shield 🛡️
eyes 👀|eye 👁️|mag 🔍|mag_right 🔎|bulb 💡|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|gear ⚙️|nut_and_bolt 🔩|link 🔗
paperclip 📎|pushpin 📌|round_pushpin 📍|memo 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄|bookmark 🔖|label 🏷️|books 📚
open_book 📖|file_folder 📁|inbox_tray 📥|outbox_tray 📤|package 📦|envelope ✉️|email 📧|incoming_envelope 📨
telephone_receiver 📞|telephone ☎️|phone ☎️|iphone 📱|satellite 🛰️|satellite_antenna 📡|electric_plug 🔌|battery 🔋
computer 💻|desktop_computer 🖥️|floppy_disk 💾|cd 💿|minidisc 💽|elephant 🐘|chart_with_upwards_trend 📈
chart_with_downwards_trend 📉|bar_chart 📊|moneybag 💰|money_with_wings 💸|credit_card 💳|bank 🏦|coin 🪙
speech_balloon 💬|thought_balloon 💭|loudspeaker 📢|mega 📣|mute 🔇|question ❓|grey_question ❔|exclamation ❗
heavy_exclamation_mark ❗|interrobang ⁉️|bangbang ‼️|information_source ℹ️|sos 🆘|new 🆕|ok 🆗|100 💯|checkered_flag 🏁
triangular_flag_on_post 🚩|construction 🚧|recycle ♻️|wastebasket 🗑️|scroll 📜|balance_scale ⚖️|ghost 👻|robot_face 🤖
space_invader 👾|rocket 🚀|ship 🚢|airplane ✈️|house 🏠|star ⭐|star2 🌟|sparkles ✨|sunny ☀️|cloud ☁️|umbrella ☔|snowflake ❄️
ocean 🌊|earth_africa 🌍|coffee ☕|beer 🍺|cake 🍰|pizza 🍕|apple 🍎|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|trophy 🏆
medal 🏅|dart 🎯|heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|broken_heart 💔
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|clap 👏|raised_hands 🙌|pray 🙏|wave 👋|muscle 💪|point_up ☝️|point_right 👉
point_left 👈|point_down 👇|raised_hand ✋|handshake 🤝|writing_hand ✍️|smile 😄|slightly_smiling_face 🙂|grinning 😀|joy 😂
sweat_smile 😅|wink 😉|blush 😊|thinking_face 🤔|neutral_face 😐|confused 😕|cry 😢|sob 😭|scream 😱|rage 😡|sleeping 😴
sunglasses 😎|face_with_monocle 🧐|exploding_head 🤯|facepalm 🤦|shrug 🤷|party_parrot 🦜|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣
six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|white_medium_square ◻️|black_medium_square ◼️|heavy_plus_sign ➕|heavy_minus_sign ➖
hash #️⃣|infinity ♾️|dash 💨|droplet 💧|skull 💀|tombstone 🪦|siren 🚨|firefighter 🧑‍🚒|detective 🕵️|busts_in_silhouette 👥
bust_in_silhouette 👤|crown 👑|gem 💎|test_tube 🧪|microscope 🔬|stethoscope 🩺|pill 💊|thermometer 🌡️|adhesive_bandage 🩹`;

export const EMOJI = new Map(
  TABLE.trim().split(/[|\n]/).map((entry) => {
    const space = entry.indexOf(" ");
    return [entry.slice(0, space), entry.slice(space + 1)];
  }),
);

/** What the reaction picker offers first. */
export const FREQUENT = [
  "+1", "eyes", "white_check_mark", "tada", "heart", "joy", "pray", "raised_hands", "pushpin", "rotating_light", "fire", "rocket",
  "thinking_face", "wave", "x", "100", "memo", "hourglass_flowing_sand", "bulb", "warning", "clap", "coffee", "question", "-1",
];

/** The character, or null for a name we do not draw (it is then shown as `:name:`). */
export const emojiFor = (name) => EMOJI.get(String(name).replace(/::skin-tone-[2-6]$/, "")) || null;
