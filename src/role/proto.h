/* role/proto.h: what the roles say to each other. Every link is a stream of ipc frames; the type's prefix names the
 * link. Payload fields in the order given, in the encodings of net/ipc.h. The receiver re-checks everything.
 *
 * Descriptor 3 of every role is its link to the supervisor. There it gets its configuration, its listeners and one
 * link for each peer, in this order, before anything else: SUP_CONFIG, SUP_LISTENER *, SUP_PEER *, SUP_GO. */
#ifndef ENGAWA_ROLE_PROTO_H
#define ENGAWA_ROLE_PROTO_H

#include "net/ipc.h"

enum role_id { ROLE_SUPERVISOR, ROLE_EDGE, ROLE_CONTROL, ROLE_KEYD, ROLE_TENANT, ROLE_OUT, ROLE_MEDIA, ROLE_FETCH, ROLE_STORE, ROLE_CTL, ROLE_COUNT };

#define REGISTRY_TENANT 0                                 /* keyd's number for the registry's own key */

enum frame_type {
    /* supervisor -> role */
    SUP_CONFIG = 1,      /* payload: "key=value\n" lines that this role may know (struct config) */
    SUP_LISTENER,        /* IPC_FD; a: enum listener_kind (role/start.h): 0 https, 1 operator socket (control), 2 where
                            figures are asked for, 3 plain HTTP, 4 certificate file, 5 its key file (edges; again on SIGHUP, 4 before 5), from 6 on the operator's
                            own texts of public pages (edges; again on SIGHUP) */
    SUP_PEER,            /* IPC_FD; a: role_id of the peer, b: its tenant number (tenants) or index (edges). A new link
                            for the same (a, b) replaces the old one: the peer was restarted */
    SUP_GO,              /* all links of the start are there: confine yourself, self-test, answer ROLE_READY; until then
                            the supervisor sends nothing more */
    SUP_STOP,            /* finish what is acknowledged, then exit 0 */
    SUP_CHALLENGE,       /* to an edge; conn, gen as asked; IPC_FD: the challenge's file, open for reading; without it: none */
    SUP_ENDED,           /* to control: a tenant's process ended; b: its number, a: its exit status */

    SUP_ERASED,          /* to control; b: number; a: 1 its folder is gone, 0: it is not */

    SUP_SCANNER,         /* to a tenant that asked; IPC_FD: a connection to the scanner for malware; without it: it cannot be reached */

    /* role -> supervisor */
    ROLE_READY,          /* a: sandbox level (enum sandbox_level), b: 1 when all forbidden calls were refused */

    ROLE_CHALLENGE,      /* edge; conn, gen; payload: the name of a file in the folder of ACME challenges: A-Z a-z 0-9 - _ alone */

    ROLE_MEDIA_ASK,      /* tenant: a process for one file, when one is free: SUP_PEER with ROLE_MEDIA brings the way to it */

    ROLE_FETCH_ASK,      /* tenant: a process that fetches one address, when one is free: SUP_PEER with ROLE_FETCH brings the way to it */

    ROLE_STORE_ASK,      /* tenant: a process that speaks with the operator's store, when one is free: SUP_PEER with ROLE_STORE brings the way to it */

    ROLE_SCAN_ASK,       /* tenant: a connection to the scanner for malware, for one file: SUP_SCANNER brings it */

    /* control -> supervisor */
    CTL_START_TENANT,    /* b: number, a: index for uid; payload: lines that follow its SUP_CONFIG, passed on unread; the
                            supervisor starts it and links edges, keyd, control */
    CTL_STOP_TENANT,     /* b: number */

    CTL_ERASE_TENANT,    /* b: number: its folder is removed, when no process of it runs */

    /* edge -> control */
    NAME_FIND,           /* conn, gen; payload: the workgroup's name */
    TENANT_WAKE,         /* b: number */
    /* control -> edge */
    NAME_FOUND,          /* conn, gen as asked; b: number (the decoy's for an unknown name) */
    TENANT_UNKNOWN,      /* b: number: no such tenant; a: the decoy's number: it answers in its place, as every tenant would
                            (0: none: answer 401 session_ended) */

    /* edge -> tenant; a: the edge's request number, unique on this link */
    REQ_HTTP,            /* conn, gen; payload: struct http_call (role/call.h). IPC_MORE: its body follows */
    REQ_PART,            /* conn, gen, a of a REQ_HTTP that had IPC_MORE; payload: the next bytes of its body; without IPC_MORE they are
                            the last */
    REQ_WS_OPEN,         /* conn, gen; payload: struct http_call with the ticket */
    REQ_WS_TEXT,         /* conn, gen; payload: the text of one message */
    REQ_MORE,            /* conn, gen, a; b: so many more RES_BODY frames of a RES_FILE may come. a 0: the next answer that waits by
                            RES_WS_WAIT may come */
    REQ_CLOSED,          /* conn, gen: the connection is gone */
    /* tenant -> edge */
    RES_HTTP,            /* conn, gen, a as asked; b: status; payload: u32 n, n x (bytes name, bytes value), bytes body */
    RES_BODY,            /* conn, gen, a; payload: raw body bytes; without IPC_MORE it is the last */
    RES_FILE,            /* conn, gen, a; b: status; payload: struct file_head (role/file_head.h): a file, or an answer too long for
                            RES_HTTP. It follows as RES_BODY
                            frames, none before REQ_MORE asks for it: a client that reads slowly holds up nobody. All but the
                            last carry IPC_MORE; one that ends before the size is reached says that the file cannot be read */
    RES_WS_OPEN,         /* conn, gen, a; before the first TOPIC_JOIN; b: 101 or the status of the refusal; payload as RES_HTTP (body = error) */
    RES_WS_TEXT,         /* conn, gen; a as asked when it is the answer to a REQ_WS_TEXT (frees its credit), else 0; b: 1 when a
                            REQ_MORE asked for it; payload: one text message. What has a pos goes as TOPIC_EVENT: only those
                            keep their order */
    RES_WS_WAIT,         /* conn, gen, a as asked: the answer is long, and comes when it is asked for: a client that reads slowly
                            leaves it with the tenant */
    RES_WS_CLOSE,        /* conn, gen; b: close code; payload: reason */
    TOPIC_JOIN,          /* conn, gen; a: topic */
    TOPIC_LEAVE,         /* conn, gen; a: topic */
    TOPIC_EVENT,         /* a: topic, b: pos; payload: the text message for every connection of the topic */

    /* tenant or control -> keyd; pieces of fixed length ("32 bytes") stand without a length before them. Answers carry the same a and type + KEY_ANSWER, b: 1 done, 0 refused. keyd knows the
     * tenant by the link, never by a field; only control may name a tenant (b) and make or destroy keys */
    KEY_MAKE,            /* control; b: tenant. Answer: nothing; of a failed one KEY_FULL where its disk is (KEY_RENEW, KEY_PREPARE too) */
    KEY_GET,             /* answer: 32 bytes, the data key of this link's tenant (of b for control) */
    KEY_DESTROY,         /* control; b: tenant */
    KEY_PEPPER,          /* payload: 32 bytes prehash. Answer: 32 bytes HMAC(pepper, tenant | prehash) */
    KEY_SIGN_HEAD,       /* payload: u64 size, 32 bytes root, u64 time ms. Answer: 64 bytes signature; keyd appends
                            (tenant, size, root, time, signature) to its log and refuses a size below the last one.
                            From control: of the operators' log, under REGISTRY_TENANT */
    KEY_LAST_HEAD,       /* answer: u64 size, 32 bytes root, u64 time, 64 bytes signature (zeros: none yet) */
    KEY_PUBLIC,          /* answer: 32 bytes Ed25519 public key */
    KEY_BACKUP,          /* control; payload: 16 bytes, a backup's id. Answer: 32 bytes, the key of that backup's file */

    KEY_ERASE,           /* control; b: tenant: its keys are destroyed for good */
    KEY_RENEW,           /* control; b: tenant: another data key is made beside its own */
    KEY_NEXT,            /* answer: 32 bytes, that other key of this link's tenant */
    KEY_PROMOTE,         /* the tenant's database is under the other key: it takes the place of its own */
    KEY_PREPARE,         /* control: another master key is made, master.new */
    KEY_ROTATE,          /* control: it is put in place from here on, file by file */
    KEY_STATE,           /* control; b: tenant. Answer: u64 ms since when the master key is in use, u64 1 while another one is put in
                            place, u64 files that are left, u64 1 while the tenant has another data key, bytes the master key's id */
    KEY_FORGET_OLD,      /* control; a: as ever, b: ms: data keys that were replaced before are removed */

    /* engawactl -> control (over the operator socket) and control -> tenant */
    OP_CALL,             /* a: call number; payload: bytes operation's name, bytes workgroup or "" (control's own), bytes JSON */
    /* back */
    OP_ANSWER,           /* a; b: status; payload: a piece of JSON or text; IPC_MORE: more follows */

    /* control -> tenant; answered by OP_ANSWER */
    SNAPSHOT_TAKE,       /* a: call number: a copy of the database as snapshot.db in the tenant's own folder. The answer: JSON
                            { bytes, rows of the audit tree, its root, digests of the tables } */
    CHECK_TAKE,          /* a: call number, b: messages that are looked for in the search index, 0: all. The answer: JSON of tenant_check.c */

    RENEW_TAKE,          /* a: call number: the database goes under the tenant's other data key. The answer: {}, when it has begun */

    /* control -> any role, and back */
    HEALTH_ASK,          /* a: call number; b: 0, in test builds an attempt (role/attack.h) */
    HEALTH_TELL,         /* a; payload: JSON object of this role */
    FIGURES_ASK,         /* a: call number */
    FIGURES_TELL,        /* a; payload: u32 row << 8 | value, u64 number, again and again (role/figures.h) */

    /* tenant -> control, and back when it is on the disk */
    DUE_TELL,            /* a: UTC ms at which the tenant's process wants to be awake next; 0: nothing waits */
    DUE_KEPT,            /* a as told */

    /* tenant -> control, and back when it is on the disk; told anew until then */
    TENANT_CLOSED,       /* a: UTC ms at which the tenant's super admin has cancelled */
    CLOSED_KEPT,         /* a as told; 0: it is open again, by tenant.reopen */

    /* tenant -> media: one task, then what is asked for */
    MEDIA_TASK,          /* a: enum media_want (role/media.h), b: the file's size, conn: the page of MEDIA_WANT_PAGE, from 1; payload: the media type, for MEDIA_WANT_MARK then a line feed and the text */
    MEDIA_DATA,          /* payload: what MEDIA_READ asked for; less: the file cannot be read */
    /* media -> tenant */
    MEDIA_READ,          /* a: at, b: 1 … MEDIA_READ_MAX bytes */
    MEDIA_PATCH,         /* a: at, b: n; payload: the first of the n bytes, the rest are zeros (base/metadata.h) */
    MEDIA_FACTS,         /* a: width << 32 | height of the picture as it stands; b: pages */
    MEDIA_PICTURE,       /* a: enum media_picture; b: width << 32 | height; payload: the next bytes of it; IPC_MORE: more follow */
    MEDIA_TEXT,          /* payload: the next bytes of the text, UTF-8 when all have come */
    MEDIA_NAME,          /* payload: the name of a file in an archive */
    MEDIA_NAMED,         /* all names of the archive were said; what follows is other work */
    MEDIA_END,           /* a: enum media_verdict, b: ms of the processor << 32 | KiB of memory that it took; payload: why. The process ends */

    /* tenant -> fetch: one task */
    FETCH_TASK,          /* a: enum fetch_kind (core/fetched.h); payload: bytes address, bytes the page in which it stands, or "" */
    /* fetch -> tenant */
    FETCH_DATA,          /* payload: the next bytes of what came */
    FETCH_END,           /* a: enum fetch_end; payload: bytes where it was in the end, bytes its type. The process ends */

    /* tenant -> store: one order after the other; a: the blob's number */
    STORE_PUT,           /* IPC_FD: the sealed file, open for reading; b: its bytes */
    STORE_GET,           /* b: at; conn: 1 … BUCKET_READ_MAX bytes of the sealed file */
    STORE_LOOK,          /* is it there? */
    STORE_DROP,          /* it goes; what is not there is gone */
    /* store -> tenant */
    STORE_DATA,          /* payload: the next of the bytes that STORE_GET asked for */
    STORE_END,           /* a: enum bucket_end (core/bucket.h); b: the object's bytes (STORE_LOOK); conn: HTTP status, 0: none; payload: why */

    /* control -> keyd or the supervisor, in test builds alone */
    KEY_FAULT,           /* b: at its n-th passing the process dies; payload: bytes, the fault point's name */

    FRAME_TYPES
};

#define KEY_ANSWER 0x100
#define KEY_FULL "full"

#endif
