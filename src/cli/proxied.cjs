// Node before version 24 (22.21) does not look for a proxy in its environment. For those versions this leads every TLS
// connection that is not for this machine through the proxy. Loaded by NODE_OPTIONS, which standin sets.
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
const knowsProxies = major >= 24 || (major === 22 && minor >= 21);
if (!knowsProxies && process.env.HTTPS_PROXY) {
  const net = require('node:net');
  const tls = require('node:tls');
  const { Duplex } = require('node:stream');
  const proxy = new URL(process.env.HTTPS_PROXY);
  const local = (process.env.NO_PROXY || '').split(',');
  const user = decodeURIComponent(proxy.username);
  const password = decodeURIComponent(proxy.password);
  const credentials = user && Buffer.from(`${user}:${password}`).toString('base64');

  // A connection to a host, which can be written to before the proxy has opened it.
  const tunnel = (host, port) => {
    const socket = net.connect(Number(proxy.port) || 80, proxy.hostname);
    const name = net.isIPv6(host) ? `[${host}]` : host;
    const line = credentials ? `Proxy-Authorization: Basic ${credentials}\r\n` : '';
    socket.write(`CONNECT ${name}:${port} HTTP/1.1\r\nHost: ${name}:${port}\r\n${line}\r\n`);
    let waiting = [];
    let head = Buffer.alloc(0);
    const stream = new Duplex({
      read: () => socket.resume(),
      write: (chunk, _, done) => {
        if (waiting) waiting.push([chunk, done]);
        else socket.write(chunk, done);
      },
      final: (done) => socket.end(done),
      destroy: (error, done) => { socket.destroy(); done(error); },
    });
    const pass = (chunk) => { if (!stream.push(chunk)) socket.pause(); };
    socket.on('data', (chunk) => {
      if (!waiting) return pass(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const status = head.toString('latin1').split(' ')[1];
      if (status !== '200') {
        const why = `the proxy answers CONNECT ${name}:${port} with ${status}`;
        return stream.destroy(Object.assign(new Error(why), { code: 'ERR_PROXY_TUNNEL' }));
      }
      const queue = waiting;
      waiting = null;
      for (const [early, done] of queue) socket.write(early, done);
      if (head.length > end + 4) pass(head.subarray(end + 4));
    });
    socket.on('end', () => stream.push(null));
    socket.on('error', (error) => stream.destroy(error));
    socket.on('close', () => stream.destroy());
    for (const name of ['setNoDelay', 'setKeepAlive', 'setTimeout', 'ref', 'unref']) {
      stream[name] = (...given) => { socket[name](...given); return stream; };
    }
    return stream;
  };

  const connect = tls.connect;
  tls.connect = (...given) => {
    const options = typeof given[0] === 'object' && given[0];
    const host = options && (options.host || options.hostname);
    if (!host || options.socket || options.path || local.includes(host) || host.endsWith('.localhost')) {
      return connect(...given);
    }
    const servername = options.servername ?? (net.isIP(host) ? '' : host);
    const socket = tunnel(host, options.port || 443);
    const secured = connect({ ...options, servername, socket }, ...given.slice(1));
    // A connection that is kept for later must not keep the program.
    for (const name of ['ref', 'unref']) {
      secured[name] = () => { socket[name](); return secured; };
    }
    return secured;
  };
}
