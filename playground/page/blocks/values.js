// What has been entered in the elements of one view or message, in the form of Slack's `state.values`.

/** Entries by block and action; survives an update of the view as long as both ids stay. */
export class Values {
  constructor() {
    this.entries = new Map();
  }

  key(blockId, item) {
    return JSON.stringify([blockId ?? "", item.action_id ?? "", item.type]);
  }

  /** The entry, or `initial()` taken as the first one. */
  start(blockId, item, initial) {
    const key = this.key(blockId, item);
    if (!this.entries.has(key)) this.entries.set(key, initial);
    return this.entries.get(key);
  }

  set(blockId, item, entry) {
    this.entries.set(this.key(blockId, item), entry);
  }

  get(blockId, item) {
    return this.entries.get(this.key(blockId, item));
  }

  /** {block_id: {action_id: entry}} for the given blocks only. */
  of(blocks) {
    const out = {};
    for (const block of blocks || []) {
      const items = [block.element, block.accessory, ...(Array.isArray(block.elements) ? block.elements : [])];
      for (const item of items) {
        if (!item?.action_id) continue;
        const entry = this.get(block.block_id, item);
        if (entry !== undefined) (out[block.block_id] ||= {})[item.action_id] = entry;
      }
      if (block.child_blocks) Object.assign(out, this.of(block.child_blocks));
    }
    return out;
  }
}

/** True when an entry holds nothing: what a required input may not. */
export function isEmpty(entry) {
  return entry === undefined || entry === null || entry === "" || (Array.isArray(entry) && entry.length === 0);
}
