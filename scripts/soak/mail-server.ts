import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../bench/send/children.ts'
import { debianProgram } from '../debian.ts'

/** Debian’s Postfix, an instance of its own: whatever it takes lies in one Maildir in the end. */
export interface MailServer {
  readonly port: number
  /** Where a file a message is. */
  readonly mailbox: string
  /** Messages that it has taken and not delivered yet. */
  waiting(): number
  close(): void
}

/** Nobody’s: Postfix delivers as somebody who is not root. */
const MAIL_USER = 65_534

/** Starts it in `folder`. Needs root, as Postfix does. */
export async function startMailServer(folder: string): Promise<MailServer> {
  const port = await freePort()
  const [config, queue, data, mail] = ['config', 'queue', 'state', 'mail'].map((name) => {
    mkdirSync(join(folder, name), { recursive: true })
    return join(folder, name)
  }) as [string, string, string, string]
  const postfixUser = idOf('postfix')
  chownSync(data, postfixUser, postfixUser)
  chownSync(mail, MAIL_USER, MAIL_USER)
  writeFileSync(join(config, 'main.cf'), mainSettings({ folder, queue, data, mail }))
  writeFileSync(join(config, 'master.cf'), services(port))
  const postfix = (command: string) =>
    spawnSync(debianProgram('postfix'), ['-c', config, command], { encoding: 'utf8' })
  const { status, stderr, stdout } = postfix('start')
  if (status !== 0) throw new Error(`postfix did not start: ${stderr}${stdout}`)
  const stop = (): void => {
    postfix('stop')
    rmSync(folder, { recursive: true, force: true })
  }
  // Also where the soak is interrupted, or fails outside of what can be caught.
  process.prependOnceListener('exit', stop)
  const showqueue = debianProgram('postqueue')
  return {
    port,
    mailbox: join(mail, 'all/new'),
    waiting() {
      const { stdout: listed } = spawnSync(showqueue, ['-c', config, '-j'], {
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
      })
      return listed.split('\n').filter((line) => line !== '').length
    },
    close() {
      process.off('exit', stop)
      stop()
    },
  }
}

function idOf(user: string): number {
  const { stdout } = spawnSync('id', ['-u', user], { encoding: 'utf8' })
  return Number(stdout)
}

function mainSettings(at: {
  readonly folder: string
  readonly queue: string
  readonly data: string
  readonly mail: string
}): string {
  return `compatibility_level = 3.6
queue_directory = ${at.queue}
data_directory = ${at.data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mta.test
mydestination =
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
virtual_mailbox_domains = static:all
virtual_mailbox_base = ${at.mail}
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:${MAIL_USER}
virtual_gid_maps = static:${MAIL_USER}
virtual_mailbox_limit = 0
# The test is whether all arrive, not how Postfix defends itself against a flood.
in_flow_delay = 0
local_header_rewrite_clients =
maillog_file = ${join(at.folder, 'postfix.log')}
maillog_file_prefixes = ${at.folder}
`
}

/** master.cf(5): the least that takes mail and puts it into a Maildir; nothing is chrooted. */
function services(port: number): string {
  const rows = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'showq unix n - n - - showq',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'virtual unix - n n - 10 virtual',
    'anvil unix - - n - 1 anvil',
    'postlog unix-dgram n - n - 1 postlogd',
  ]
  return `${rows.join('\n')}\n`
}
