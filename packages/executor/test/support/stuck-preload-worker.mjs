// Imported before anything else, and never done.
await new Promise(() => {});
