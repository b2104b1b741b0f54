import Settings

/// What one connection may cost before a route has seen anything of it; `ServiceLimits` says why so much.
///
/// The decoder beneath has limits too, wider ones; these are the ones a client meets.
struct WireLimits: Sendable {
    let targetBytes: Int
    let headerLineBytes: Int
    let headerBytes: Int
    let headerFields: Int
    let bodyBytes: Int
    /// Of files that are imported.
    let fileBytes: Int
    let fileMilliseconds: Int64
    let trailerBytes: Int
    let chunkLineBytes: Int
    let pipelinedBytes: Int
    let headMilliseconds: Int64
    let bodyMilliseconds: Int64
    let writeStallMilliseconds: Int64
    let lingerMilliseconds: Int64
    let halfCloseMilliseconds: Int64
    let connectionsPerAddress: Int
    let inlineQuestions: Int
    let repeatedHeadBytes: Int

    init(_ values: LimitValues) {
        targetBytes = values["max-target-bytes"]
        headerLineBytes = values["max-header-line-bytes"]
        headerBytes = values["max-header-bytes"]
        headerFields = values["max-header-fields"]
        bodyBytes = values["max-body-bytes"]
        fileBytes = values["max-import-bytes"]
        fileMilliseconds = Int64(values["import-time"])
        trailerBytes = values["max-trailer-bytes"]
        chunkLineBytes = values["max-chunk-line-bytes"]
        pipelinedBytes = values["max-pipelined-bytes"]
        headMilliseconds = Int64(values["head-time"])
        bodyMilliseconds = Int64(values["body-time"])
        writeStallMilliseconds = Int64(values["write-stall-time"])
        lingerMilliseconds = Int64(values["linger-time"])
        halfCloseMilliseconds = Int64(values["half-close-time"])
        connectionsPerAddress = values["max-connections-per-address"]
        inlineQuestions = values["inline-questions"]
        repeatedHeadBytes = values["repeated-head-bytes"]
    }

    /// How long the body of a request may be.
    func bodyTooLarge(isFile: Bool, found: Int? = nil) -> Refusal {
        isFile
            ? .bodyTooLarge(limit: fileBytes, found: found, name: "max-import-bytes")
            : .bodyTooLarge(limit: bodyBytes, found: found)
    }
}
