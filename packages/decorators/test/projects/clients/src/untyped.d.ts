// Clients without types of their own.
declare module 'amqplib';
declare module 'amqplib/lib/defs.js';
declare module 'nodemailer';
declare module 'pg';
declare module 'superagent';
