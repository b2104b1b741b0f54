import HTTPTypes
import Hummingbird
import Query
import Settings
import Store
import StoreColumns

/// `/metrics`: what the server does, for a program that watches it.
extension Answerer {
    /// - Parameter showsRows: Whether who asks sees every row, and so may know how many there are.
    func answerMetrics(showsRows: Bool, isHead: Bool) -> Response {
        var text = MetricsText()
        addRequests(to: &text)
        addWork(to: &text)
        addData(to: &text, showsRows: showsRows)
        var fields = SecurityFields.data
        fields[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
        return Response(status: .ok, headers: fields, bytes: text.bytes, isHead: isHead)
    }

    private func addRequests(to text: inout MetricsText) {
        let all = requests.all
        func status(_ status: Int) -> String { status == 304 ? "304" : "\(status / 100)xx" }
        text.begin("hearth_requests_total", "counter", "Answers by route and class of status.")
        for (key, count) in all {
            text.value("hearth_requests_total", [("route", key.route), ("status", status(key.status))], Double(count.count))
        }
        text.begin(
            "hearth_repeated_answers_total", "counter",
            "Of these, those that were given where the bytes of a request came again on their connection.")
        text.value("hearth_repeated_answers_total", [], Double(requests.repeatedCount))
        text.begin("hearth_response_bytes_total", "counter", "Bytes of bodies whose length was known when they were begun.")
        for (key, count) in all {
            text.value(
                "hearth_response_bytes_total", [("route", key.route), ("status", status(key.status))], Double(count.bytes))
        }
        text.begin("hearth_request_seconds", "histogram", "From the head of a request to the head of its answer.")
        for (key, count) in all {
            let labels = [("route", key.route), ("status", status(key.status))]
            var sum = 0
            for (bound, within) in zip(RequestCounts.bounds, count.within) {
                sum += within
                text.value("hearth_request_seconds_bucket", labels + [("le", "\(bound / 1_000)")], Double(sum))
            }
            text.value("hearth_request_seconds_bucket", labels + [("le", "+Inf")], Double(count.count))
            text.value("hearth_request_seconds_sum", labels, count.milliseconds / 1_000)
            text.value("hearth_request_seconds_count", labels, Double(count.count))
        }
    }

    private func addWork(to text: inout MetricsText) {
        let counts = asking.counts
        text.gauge("hearth_questions_running", "Questions on a thread.", Double(counts.running))
        text.gauge("hearth_questions_long", "Of those, long ones, each with a permit.", Double(counts.long))
        text.gauge("hearth_questions_waiting", "Questions that wait for a thread or a permit.", Double(counts.waiting))
        text.gauge("hearth_long_permits", "Long questions that may run at once.", Double(settings.limits["max-long-queries"]))
        text.gauge("hearth_query_threads", "Threads for questions.", Double(settings.limits["query-threads"]))
        text.begin(
            "hearth_inline_questions_total", "counter",
            "Questions that were tried where their socket is read: answered, broken off to be begun anew by a thread, left to one."
        )
        for (outcome, count) in asking.brief.counts {
            text.value("hearth_inline_questions_total", [("outcome", outcome.name)], Double(count))
        }
        text.gauge("hearth_live_clients", "Connections that are told of changes.", Double(places.count))
        text.gauge("hearth_plans_kept", "Operations whose plans are kept.", Double(content.queries.keptOperationCount))
        text.gauge(
            "hearth_persisted_documents", "Documents that may be named by their digest.",
            Double(content.queries.persistedDocumentCount))
        text.gauge("hearth_derived_bytes", "Bytes of derived columns that are kept.", Double(content.queries.derivedByteCount))
        text.gauge(
            "hearth_hot_questions", "Saved questions whose answers are made before they are asked for.", Double(ahead.hotCount))
        text.begin("hearth_answers_ahead_total", "counter", "What came of making answers before they were asked for.")
        for (outcome, count) in ahead.counts {
            text.value("hearth_answers_ahead_total", [("outcome", outcome.rawValue)], Double(count))
        }
        let kept = polls.counts
        text.gauge("hearth_polls_kept", "Requests whose answers can be told unchanged by a look-up.", Double(kept.polls))
        text.gauge("hearth_answers_kept", "Answers that can be given again.", Double(kept.answers))
        text.gauge("hearth_answers_kept_bytes", "What they take.", Double(kept.answerBytes))
        if let bytes = ProcessFigures.residentBytes {
            text.gauge("process_resident_memory_bytes", "Memory in use.", Double(bytes))
        }
        if let count = ProcessFigures.threadCount { text.gauge("process_threads", "Threads of the process.", Double(count)) }
    }

    private func addData(to text: inout MetricsText, showsRows: Bool) {
        let version = content.store.current
        text.gauge("hearth_version", "The current version.", Double(version.number))
        text.gauge(
            "hearth_version_published_seconds", "When it was published, since 1970.",
            Double(version.publishedAt.microseconds) / 1_000_000)
        if showsRows {
            let rows = version.catalog.nodeTypes.indices.reduce(0) { $0 + version[NodeTypeID($1)].liveRowCount }
            text.gauge("hearth_rows", "Rows of all types.", Double(rows))
        }
        text.begin("hearth_journal_synchronizations_total", "counter", "How often changes were made durable.")
        text.value("hearth_journal_synchronizations_total", [], Double(content.store.synchronizationCount))
        let snapshots = content.store.snapshots
        text.gauge("hearth_snapshots", "Snapshots in the data folder.", Double(snapshots.count))
        if let newest = snapshots.map(\.version).max() {
            text.gauge("hearth_snapshot_version", "The version of the newest one.", Double(newest))
            text.gauge(
                "hearth_journal_versions", "Versions that the journal alone holds.",
                max(0, Double(version.number) - Double(newest)))
        }
        text.gauge("hearth_writable", "1 while changes can be taken.", content.isWritable ? 1 : 0)
        text.gauge(
            "hearth_data_verified", "1 once every byte of the data was checked.",
            content.store.verificationState == .passed ? 1 : 0)
        text.gauge("hearth_saved_questions", "Saved questions that can be asked.", Double(usable(true)))
        text.gauge("hearth_saved_questions_broken", "Saved questions that cannot.", Double(usable(false)))
    }

    private func usable(_ isUsable: Bool) -> Int { content.shelf.current.questions.count { $0.problems.isEmpty == isUsable } }
}
