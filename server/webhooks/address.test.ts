import type { LookupFunction } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClosedAddress, guardedLookup, isPublicAddress } from './address.ts'
import { checkTarget } from './target.ts'

describe('addresses', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '169.253.255.255',
    '192.167.255.255',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80e::200e',
    '2400:3200::1',
  ])('[K7] %s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  test.each([
    ['this host', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['carrier NAT', '100.64.0.1'],
    ['metadata of Alibaba Cloud', '100.100.100.200'],
    ['carrier NAT, its end', '100.127.255.255'],
    ['loopback', '127.0.0.1'],
    ['loopback elsewhere', '127.255.255.254'],
    ['metadata', '169.254.169.254'],
    ['metadata of ECS tasks', '169.254.170.2'],
    ['host of Azure', '168.63.129.16'],
    ['private, its begin', '172.16.0.0'],
    ['private, its end', '172.31.255.255'],
    ['metadata of Oracle', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['6to4 relay', '192.88.99.1'],
    ['private', '192.168.1.1'],
    ['benchmarks', '198.19.0.1'],
    ['documentation', '198.51.100.7'],
    ['documentation', '203.0.113.7'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['loopback, written out', '0:0:0:0:0:0:0:1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hex', '::ffff:7f00:1'],
    ['mapped private', '::ffff:10.0.0.1'],
    ['mapped metadata', '::ffff:a9fe:a9fe'],
    ['mapped public: nobody needs it', '::ffff:8.8.8.8'],
    ['compatible', '::127.0.0.1'],
    ['translated', '::ffff:0:127.0.0.1'],
    ['NAT64 of loopback', '64:ff9b::127.0.0.1'],
    ['NAT64 of metadata', '64:ff9b::a9fe:a9fe'],
    ['local NAT64', '64:ff9b:1::1'],
    ['discard', '100::1'],
    ['Teredo', '2001:0:53aa:64c::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['6to4 of loopback', '2002:7f00:1::1'],
    ['segment routing', '5f00::1'],
    ['unique local', 'fc00::1'],
    ['metadata of AWS', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with zone', 'fe80::1%eth0'],
    ['public with zone', '2606:4700::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['no address', 'localhost'],
    ['no address', ''],
    ['octal', '0177.0.0.1'],
    ['a number', '2130706433'],
  ])('[K7] %s %s is not public', (_, address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  test('[K7] no way to write a closed IPv4 address inside an IPv6 address opens it', () => {
    const closed = fc.constantFrom('127.0.0.1', '10.9.8.7', '169.254.169.254', '192.168.0.9')
    const prefix = fc.constantFrom(
      '::',
      '::ffff:',
      '::ffff:0:',
      '64:ff9b::',
      '64:ff9b:1::',
      'fe80::',
    )
    fc.assert(
      fc.property(prefix, closed, (head, address) => {
        expect(isPublicAddress(head + address)).toBe(false)
        const hex = address
          .split('.')
          .map((part) => Number(part).toString(16).padStart(2, '0'))
          .join('')
        expect(isPublicAddress(`${head}${hex.slice(0, 4)}:${hex.slice(4)}`)).toBe(false)
        expect(isPublicAddress(`2002:${hex.slice(0, 4)}:${hex.slice(4)}::`)).toBe(false)
      }),
    )
  })
})

describe('targets', () => {
  const check = (text: string) => checkTarget(text, { allowPrivate: false })?.href

  test.each([
    ['https://shop.test/hooks', 'https://shop.test/hooks'],
    ['https://shop.test:8443/hooks?a=1#part', 'https://shop.test:8443/hooks?a=1'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700::1]/', 'https://[2606:4700::1]/'],
  ])('[K6] %s is one', (text, href) => {
    expect(check(text)).toBe(href)
  })

  test.each([
    'http://shop.test/hooks',
    'ftp://shop.test/',
    'file:///etc/passwd',
    'gopher://shop.test/',
    'https://user@shop.test/',
    'https://user:pass@shop.test/',
    'https://:pass@shop.test/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://0/',
    'https://１２７.０.０.１/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[0:0:0:0:0:ffff:7f00:1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://api.localhost/',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'not a url',
    '',
    `https://shop.test/${'a'.repeat(2000)}`,
  ])('[K6] %s is none', (text) => {
    expect(check(text)).toBeUndefined()
  })

  test('[K6] where private addresses are allowed so is http, but never a password', () => {
    const allow = (text: string) => checkTarget(text, { allowPrivate: true })?.href
    expect(allow('http://127.0.0.1:9000/x')).toBe('http://127.0.0.1:9000/x')
    expect(allow('http://[::1]:9000/x')).toBe('http://[::1]:9000/x')
    expect(allow('http://a:b@127.0.0.1/x')).toBeUndefined()
    expect(allow('file:///etc/passwd')).toBeUndefined()
  })
})

describe('the lookup of a connection', () => {
  const resolving =
    (...addresses: string[]): LookupFunction =>
    (_, options, callback) => {
      const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      if (options.all) callback(null, all)
      else callback(null, all[0]?.address ?? '', 4)
    }
  const look = (lookup: LookupFunction, all: boolean) =>
    new Promise<unknown>((resolve, reject) => {
      guardedLookup(lookup)('name.test', { all }, (error, found) =>
        error ? reject(error) : resolve(found),
      )
    })

  test('[K7] public addresses are passed on, one or all of them as asked', async () => {
    expect(await look(resolving('8.8.8.8', '2606:4700::1'), false)).toBe('8.8.8.8')
    expect(await look(resolving('8.8.8.8', '2606:4700::1'), true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ])
  })

  test('[K7] one closed address among many closes the name, also where only one was asked for', async () => {
    for (const all of [true, false]) {
      for (const closed of ['127.0.0.1', '::1', '::ffff:10.0.0.1', '169.254.169.254'])
        await expect(look(resolving('8.8.8.8', closed), all)).rejects.toThrow(ClosedAddress)
      await expect(look(resolving(), all)).rejects.toThrow(ClosedAddress)
    }
  })

  test('[K7] what cannot be resolved fails as it would have', async () => {
    const failing: LookupFunction = (_, __, callback) =>
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '')
    await expect(look(failing, true)).rejects.toThrow('no such name')
  })
})
