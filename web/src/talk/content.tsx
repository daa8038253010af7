// What a bubble holds, by the kind of its message: text, stamp, place, contact, poll; the words it answers; its reactions.
// Text, of which a log is full, is drawn without a question to anything but what it is given.
import { useQuery } from '@tanstack/react-query';
import { useState, type MouseEvent, type ReactNode } from 'react';
import { call } from '../base/api.ts';
import { currentLang } from '../base/i18n.ts';
import { go, isOpen, pageOfLink, parseRoute } from '../base/route.ts';
import { Link } from '../base/shell.tsx';
import { filesLine } from './file_kinds.ts';
import { Files } from './file_view.tsx';
import { formatPieces } from './format.ts';
import { keywordPieces, type Keyword } from './keywords.ts';
import { LinkCard } from './link_card.tsx';
import { mentionPieces } from './mention.ts';
import { fullName, senderName } from './names.ts';
import { linkPieces } from './rows.ts';
import { Stamp, stampWords } from './stamp.tsx';
import { useTalk, useTalkStore } from './talk.ts';
import type { Look } from './look.ts';
import { momentText } from './moment.ts';
import type { TFunction } from 'i18next';
import type { Member, Message } from '../base/types.ts';
import './stamp.css';
import './content.css';

/** A message in one line, for lists, quotes and screen readers. */
export function lineOf(t: TFunction, m: Message): string {
  if (m.gone) return t('talk.gone');
  if (m.kind === 'stamp') return t('talk.line.stamp', { words: stampWords(m.content?.stamp ?? '', currentLang()) });
  const { location, contact } = m.content ?? {};
  if (m.kind === 'location') return location?.label ? t('talk.line.location', { label: location.label }) : t('talk.location.kind');
  if (m.kind === 'contact') return contact?.name ? t('talk.line.contact', { name: contact.name }) : t('talk.contact.kind');
  if (m.kind === 'poll') return t('talk.line.poll', { text: m.text });
  if (m.kind === 'file' && m.text === '') return filesLine(t, m.content?.files ?? []);
  return m.text;
}

/** What the server says happened in the room, in the language of whoever reads it. */
export function systemLine(t: TFunction, members: ReadonlyMap<string, Member>, m: Message): string {
  const system = m.content?.system;
  if (!system) return m.text;
  const called = (id: string) => {
    const member = members.get(id);
    return member ? fullName(member) : t('talk.room.no_name');
  };
  return t(`talk.system.${system.what}`, {
    name: system.actor ? called(system.actor) : '', names: (system.members ?? []).map(called).join(t('talk.system.and')), room: system.name ?? '',
  });
}

/** An address of the own company, such as that of a message, is followed here; all others beside. */
export function Address({ href, children }: { href: string; children: ReactNode }) {
  const talk = useTalkStore();
  const page = pageOfLink(href);
  if (page === null) return <a href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a>;
  const follow = (e: MouseEvent) => {
    if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
    e.preventDefault();
    const route = parseRoute(page);
    if (!isOpen(page)) go(page);
    else if (route.page === 'talk' && route.room !== null && route.seq !== null) void talk.jump(route.room, route.seq);
  };
  return <a href={href} onClick={follow}>{children}</a>;
}

const NO_WORDS: readonly Keyword[] = [];

/** The reader's own words are marked in what others write. */
function Marked({ text, words }: { text: string; words: readonly Keyword[] }) {
  if (words.length === 0) return <>{text}</>;
  return <>{keywordPieces(text, words).map((piece, i) => (piece.hit ? <mark key={i} className="keyword">{piece.text}</mark> : piece.text))}</>;
}

function Links({ text, words }: { text: string; words: readonly Keyword[] }) {
  return (
    <>
      {linkPieces(text).map((piece, i) => {
        if (piece.href) return <Address key={i} href={piece.href}><Marked text={piece.text} words={words} /></Address>;
        return words.length > 0 ? <Marked key={i} text={piece.text} words={words} /> : piece.text;
      })}
    </>
  );
}

/** Text is text: only http and https addresses become links. `own`: the reader wrote it. */
export function MessageText({ text, own, mentions = [], look }: { text: string; own: boolean; mentions?: NonNullable<Message['content']>['mentions']; look: Look }) {
  const words = own ? NO_WORDS : look.words;
  return (
    <div className="bubble-text">
      {mentionPieces(text, mentions ?? []).map((piece, i) => (piece.named
        ? <span key={i} className={piece.id === '' || piece.id === look.me.id ? 'mention mine' : 'mention'}><Marked text={piece.text} words={words} /></span>
        : <Formatted key={i} text={piece.text} words={words} />))}
    </div>
  );
}

function Formatted({ text, words }: { text: string; words: readonly Keyword[] }) {
  return (
    <>
      {formatPieces(text).map((p, i) => {
        if (p.as === 'strong') return <strong key={i}><Links text={p.text} words={words} /></strong>;
        if (p.as === 'strike') return <s key={i}><Links text={p.text} words={words} /></s>;
        if (p.as === 'code') return <code key={i}><Marked text={p.text} words={words} /></code>;
        if (p.as === 'block') return <pre key={i}><Marked text={p.text} words={words} /></pre>;
        return <Links key={i} text={p.text} words={words} />;
      })}
    </>
  );
}

/** The words that a message answers: from the log, or asked for; a newcomer may not see them. */
function Quote({ message, look: { t, members, jump } }: { message: Message; look: Look }) {
  const talk = useTalkStore();
  const seq = message.reply ?? 0;
  const here = useTalk((s) => s.logs.get(message.room)?.messages.find((m) => m.seq === seq));
  const id = String((BigInt(message.room) << 32n) + BigInt(seq));
  const asked = useQuery({
    queryKey: ['message', talk.me.tenant, id], enabled: !here, retry: false,
    queryFn: () => call(talk.me.tenant, 'talk.message', { params: { message: id } }),
  });
  const quoted = here ?? asked.data;
  if (!quoted && asked.isPending) return <p className="quote">…</p>;
  if (!quoted || quoted.gone) return <p className="quote">{t('talk.quote_gone')}</p>;
  return (
    <button type="button" className="quote" onClick={() => jump(seq)}>
      <span className="quote-name">{senderName(t, members, quoted)}</span>
      <span className="quote-text">{lineOf(t, quoted)}</span>
    </button>
  );
}

function Poll({ message, look }: { message: Message; look: Look }) {
  const { t, members } = look;
  const talk = useTalkStore();
  const [failed, setFailed] = useState(false);
  const poll = message.content!.poll!;
  const votesOf = (i: number) => message.votes?.find((v) => v.choice === i);
  const mine = poll.choices.flatMap((_, i) => (votesOf(i)?.members.includes(talk.me.id) ? [i] : []));
  const most = Math.max(1, ...poll.choices.map((_, i) => votesOf(i)?.n ?? 0));
  const act = (done: Promise<void>) => void done.then(() => setFailed(false), () => setFailed(true));
  const vote = (i: number) => {
    const had = mine.includes(i);
    const next = poll.many ? (had ? mine.filter((m) => m !== i) : [...mine, i]) : had ? [] : [i];
    act(talk.act('talk.vote', message, { votes: next.map((choice) => ({ choice })) }));
  };
  return (
    <div className="poll">
      <MessageText text={message.text} own={message.author === talk.me.id} look={look} />
      <ul>
        {poll.choices.map((c, i) => {
          const who = votesOf(i)?.members.flatMap((id) => members.get(id) ?? []).map((m) => m.family).join(t('talk.system.and')) ?? '';
          return (
            <li key={i}>
              <button type="button" className="poll-choice" aria-pressed={mine.includes(i)} disabled={poll.closed} onClick={() => vote(i)}>
                <span>{c.text}</span><span className="poll-count">{t('talk.poll.count', { n: votesOf(i)?.n ?? 0, count: votesOf(i)?.n ?? 0 })}</span>
                <meter min={0} max={most} value={votesOf(i)?.n ?? 0} aria-hidden />
                {who && <span className="poll-who">{who}</span>}
              </button>
            </li>
          );
        })}
      </ul>
      {failed && <p className="danger" role="alert">{t('talk.menu.failed')}</p>}
      <p className="small-print">
        {poll.closed ? t('talk.poll.closed') : t(poll.many ? 'talk.poll.many' : 'talk.poll.one')}
        {!poll.closed && message.author === talk.me.id && (
          <button type="button" className="text-button" onClick={() => act(talk.act('talk.poll.close', message))}>{t('talk.poll.end')}</button>
        )}
      </p>
    </div>
  );
}

function Contact({ message, look: { t, members } }: { message: Message; look: Look }) {
  const contact = message.content!.contact!;
  const member = members.get(contact.member ?? '');
  return (
    <div className="sent-card">
      <p className="sent-kind">{t('talk.contact.kind')}</p>
      {member ? <Link to={`/members/${member.id}`}>{fullName(member)}</Link> : <p>{contact.name}</p>}
      {contact.phone && <p><a href={`tel:${encodeURIComponent(contact.phone)}`}>{contact.phone}</a></p>}
      {contact.mail && <p><a href={`mailto:${encodeURIComponent(contact.mail)}`}>{contact.mail}</a></p>}
    </div>
  );
}

function Place({ message, look: { t } }: { message: Message; look: Look }) {
  const place = message.content!.location!;
  const at = `${place.latitude / 1e6},${place.longitude / 1e6}`;
  return (
    <div className="sent-card">
      <p className="sent-kind">{t('talk.location.kind')}</p>
      {place.label && <p>{place.label}</p>}
      <p><a href={`geo:${at}`}>{at}</a></p>
    </div>
  );
}

export function Content({ message, look }: { message: Message; look: Look }) {
  const { t, me, members, lang } = look;
  const { content } = message;
  if (message.gone) return <p className="gone">{t('talk.gone')}</p>;
  const forward = content?.forward;
  const from = forward && (members.get(forward.author ?? '') ? fullName(members.get(forward.author ?? '')!) : forward.author_name);
  return (
    <>
      {message.important && (
        <p className="important-mark">{message.deadline ? t('talk.important.mark_until', { at: momentText(new Date(message.deadline)) }) : t('talk.important.mark')}</p>
      )}
      {forward && <p className="forwarded">{t('talk.forwarded', { name: from || t('talk.room.no_name') })}</p>}
      {message.reply !== undefined && <Quote message={message} look={look} />}
      {message.kind === 'stamp' && <Stamp name={content?.stamp ?? ''} lang={lang} />}
      {message.kind === 'location' && content?.location && <Place message={message} look={look} />}
      {message.kind === 'contact' && content?.contact && <Contact message={message} look={look} />}
      {message.kind === 'poll' && content?.poll && <Poll message={message} look={look} />}
      {message.kind === 'file' && <Files message={message} look={look} />}
      {(message.kind === 'text' || (message.kind === 'file' && message.text !== '') || (message.kind === 'poll' && !content?.poll)) && <MessageText text={message.text} own={message.author === me.id} mentions={content?.mentions} look={look} />}
      {message.preview && <LinkCard message={message} look={look} />}
      {content?.system?.what === 'reminder' && content.system.room && (
        <p><Link to={`/talk/${content.system.room}/${content.system.seq ?? 0}`}>{t('talk.reminder.open')}</Link></p>
      )}
    </>
  );
}

export function Reactions({ message, look: { t, members } }: { message: Message; look: Look }) {
  const talk = useTalkStore();
  return (
    <ul className="reactions">
      {message.reactions?.map((r) => {
        const mine = r.members.includes(talk.me.id);
        const who = r.members.flatMap((id) => members.get(id) ?? []).map(fullName).join(t('talk.system.and'));
        return (
          <li key={r.mark}>
            <button
              type="button" className="reaction" aria-pressed={mine} title={who} aria-label={t('talk.reaction.label', { mark: r.mark, n: r.n, names: who })}
              onClick={() => void talk.act('talk.react', message, { mark: r.mark, on: !mine }).catch(() => undefined)}
            >
              <span aria-hidden>{r.mark} {r.n}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
