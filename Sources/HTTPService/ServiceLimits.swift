import Settings

/// The limits of what comes over the wire, each with its standard and the cap no setting can lift.
///
/// What a document may cost is bounded by Query; the two lists together are what `--limit` and a configuration file know.
package enum ServiceLimits {
    package static let definitions: [LimitDefinition] = wire + threads + access + polling + whole

    private static let wire: [LimitDefinition] = [
        // A saved question with all its parameters fits ten times over.
        LimitDefinition("max-target-bytes", unit: .bytes, standard: 8 << 10, minimum: 64, hardCap: 64 << 10),
        // Cookies, of which only a short one is ours, are the longest thing a browser sends to a loopback address.
        LimitDefinition("max-header-line-bytes", unit: .bytes, standard: 8 << 10, minimum: 256, hardCap: 64 << 10),
        LimitDefinition("max-header-bytes", unit: .bytes, standard: 16 << 10, minimum: 256, hardCap: 64 << 10),
        LimitDefinition("max-header-fields", standard: 100, minimum: 8, hardCap: 1000),
        // A document has at most 100,000 characters; the rest is room for variables.
        LimitDefinition("max-body-bytes", unit: .bytes, standard: 1 << 20, minimum: 1 << 10, hardCap: 8 << 20),
        // A list of a district's persons as a workbook has ten megabytes. It is kept in a file without a name while it is read.
        LimitDefinition("max-import-bytes", unit: .bytes, standard: 64 << 20, minimum: 1 << 10, hardCap: 1 << 30),
        // From the end of the head to the end of such a file: five megabits a second.
        LimitDefinition("import-time", unit: .milliseconds, standard: 120_000, hardCap: 3_600_000),
        // Nobody we know sends any.
        LimitDefinition("max-trailer-bytes", unit: .bytes, standard: 2 << 10, minimum: 0, hardCap: 16 << 10),
        LimitDefinition("max-chunk-line-bytes", unit: .bytes, standard: 256, minimum: 18, hardCap: 4 << 10),
        // Of later requests on a connection, while one is being answered. Beyond that the socket is not read.
        LimitDefinition("max-pipelined-bytes", unit: .bytes, standard: 64 << 10, hardCap: 1 << 20),
        // From the accepted connection, or from the last answer, to the end of the next request's head.
        LimitDefinition("head-time", unit: .milliseconds, standard: 30_000, hardCap: 600_000),
        // From the end of the head to the end of the body.
        LimitDefinition("body-time", unit: .milliseconds, standard: 10_000, hardCap: 600_000),
        // Without one byte taken by a client that has an answer waiting.
        LimitDefinition("write-stall-time", unit: .milliseconds, standard: 10_000, hardCap: 600_000),
        // What is still read, and thrown away, after a refusal, so that the client can read why.
        LimitDefinition("linger-time", unit: .milliseconds, standard: 1_000, minimum: 0, hardCap: 10_000),
        // Of a connection: heads of requests that are answered as before when their bytes come again, with what stands beside each; some
        // twenty of a browser's. 0: every request is brought to its route.
        LimitDefinition("repeated-head-bytes", unit: .bytes, standard: 32 << 10, minimum: 0, hardCap: 1 << 20),
        // How long a client that closed its sending side is still thought to be listening.
        LimitDefinition("half-close-time", unit: .milliseconds, standard: 1_000, minimum: 0, hardCap: 60_000),
    ]

    private static let threads: [LimitDefinition] = [
        // More than cores, so that short questions do not wait for those of which nobody knows yet that they are long.
        LimitDefinition("query-threads", standard: 8, hardCap: 256),
        LimitDefinition("max-queue-length", standard: 256, minimum: 0, hardCap: 65_536),
        LimitDefinition("queue-time", unit: .milliseconds, standard: 500, hardCap: 60_000),
        // Of a question that is tried where its socket is read, before it is brought to a thread: some tenths of a millisecond's
        // rows, for which others there may have to wait. 0: every question is brought to one.
        LimitDefinition("inline-rows", standard: 4_096, minimum: 0, hardCap: 65_536),
        // So many of those that a loop has read at once: whoever is read next, and health, waits for these and no more.
        LimitDefinition("inline-questions", standard: 6, hardCap: 1_024),
        // What the last answer to the same may have taken. Beyond it a thread's coming and going is little of the whole.
        LimitDefinition("inline-microseconds", standard: 500, hardCap: 1_000_000),
        // After so much time on a thread a question is a long one, and needs a permit. Dashboards need a hundredth of it.
        LimitDefinition("long-query-time", unit: .milliseconds, standard: 50, hardCap: 600_000),
        LimitDefinition("max-long-queries", standard: 4, hardCap: 256),
        // What a long question waits for a permit. Half of its own time: who waits longer had better come again.
        LimitDefinition("long-queue-time", unit: .milliseconds, standard: 5_000, hardCap: 60_000),
    ]

    private static let access: [LimitDefinition] = [
        // Wrong keys from one address within a minute: a person mistypes twice, a program that guesses gets nowhere.
        LimitDefinition("failed-attempts", standard: 10, hardCap: 1_000),
        // A working day; then a browser has to sign in again.
        LimitDefinition("session-time", unit: .milliseconds, standard: 8 * 3_600_000, minimum: 1_000, hardCap: 24 * 3_600_000),
        // Browsers that are signed in with one key; a further one ends the oldest.
        LimitDefinition("max-sessions-per-key", standard: 100, hardCap: 10_000),
        // A point is a request, or a thousand rows visited: ten thousand small questions a second, or the costliest twelve times a minute.
        LimitDefinition("points-per-minute", standard: 600_000, hardCap: 1_000_000_000),
        // A browser opens six connections to a server; a key that asks all it may leaves threads to the others.
        LimitDefinition("key-concurrency", standard: 6, hardCap: 10_000),
        // Sets of rows that a key of a role without rows is told figures of in a day: a hundred tables of a hundred values by ten others.
        LimitDefinition("cells-per-day", standard: 100_000, hardCap: 1_000_000_000),
        // A year of a hundred questions a minute is some hundred files.
        LimitDefinition("audit-file-bytes", unit: .bytes, standard: 64 << 20, minimum: 4 << 10, hardCap: 1 << 30),
    ]

    private static let polling: [LimitDefinition] = [
        // Answers that are asked for again while nothing under them changes: a wall of tiles is some hundred kilobytes.
        LimitDefinition("kept-answer-bytes", unit: .bytes, standard: 32 << 20, minimum: 0, hardCap: 1 << 30),
        // Saved questions, each with its parameters and for whoever asks it so, whose answers are made before they are asked for again,
        // where they were asked twice within the time. Three walls of twenty tiles; 0: none are.
        LimitDefinition("max-hot-questions", standard: 64, minimum: 0, hardCap: 4_096),
        LimitDefinition("hot-question-time", unit: .milliseconds, standard: 600_000, hardCap: 86_400_000),
        // Of one core, in a hundred: the rest of the time such work rests.
        LimitDefinition("ahead-percent", standard: 25, hardCap: 100),
        // Connections that are told of changes. Each costs a socket and some kilobytes, and one answer a change.
        LimitDefinition("max-live-clients", standard: 256, minimum: 0, hardCap: 16_384),
        LimitDefinition("max-live-clients-per-key", standard: 64, hardCap: 16_384),
        // A question that runs longer is told of in the log. People wait a second.
        LimitDefinition("slow-query-time", unit: .milliseconds, standard: 1_000, hardCap: 600_000),
        // After so long without a change a comment is sent, so that nobody between takes the connection for dead.
        LimitDefinition("heartbeat-time", unit: .milliseconds, standard: 15_000, minimum: 100, hardCap: 600_000),
    ]

    private static let whole: [LimitDefinition] = [
        // More wait unaccepted.
        LimitDefinition("max-connections", standard: 1024, hardCap: 65_536),
        // Of one address, unless it is the proxy's: forty browsers behind one, and a fourth of what there is in all.
        LimitDefinition("max-connections-per-address", standard: 256, hardCap: 65_536),
        LimitDefinition("deadline", unit: .milliseconds, standard: 10_000, hardCap: 60_000),
        // What a workbook that is sent may unfold to: as large a file as may be sent unfolds to so much where people filled it in.
        LimitDefinition("max-workbook-bytes", unit: .bytes, standard: 256 << 20, minimum: 1 << 20, hardCap: 1 << 30),
        // What whoever orders an archive waits for it before being told where to look. A register of a district takes a second.
        LimitDefinition("archive-wait-time", unit: .milliseconds, standard: 10_000, minimum: 0, hardCap: 60_000),
        // The same for a file that is imported.
        LimitDefinition("import-wait-time", unit: .milliseconds, standard: 10_000, minimum: 0, hardCap: 60_000),
        // Between saying that we are no longer ready and taking no more connections.
        LimitDefinition("drain-time", unit: .milliseconds, standard: 0, minimum: 0, hardCap: 600_000),
        // What running requests are given to finish when the server stops.
        LimitDefinition("stop-time", unit: .milliseconds, standard: 30_000, minimum: 0, hardCap: 600_000),
    ]
}
