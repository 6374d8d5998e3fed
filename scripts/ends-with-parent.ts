/**
 * Preloaded into every part that a launcher starts. Ctrl-C reaches all processes of a terminal at once; the
 * launcher alone decides the order in which they end. When the launcher is gone, the part ends as well.
 */
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
