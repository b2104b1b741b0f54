/// The formats in which an answer is given as a table. `api.md` §6
enum TableFormat: String, Sendable, Hashable, CaseIterable {
    case csv
    case xlsx
    case jsonLines = "jsonl"
    case arrow

    /// As `Accept` and `Content-Type` say it.
    var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .jsonLines: "application/x-ndjson"
        case .arrow: "application/vnd.apache.arrow.stream"
        }
    }

    var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        case .xlsx, .jsonLines, .arrow: mediaType
        }
    }
}

/// A format with all that a URL says of it.
struct TableOptions: Sendable, Hashable {
    var format: TableFormat
    /// Headings are the model's Chinese labels: `labels=zh`.
    var hasLabels = false
    /// Nothing is changed for the sake of spreadsheets: `profile=exact`.
    var isExact = false
    /// Begins with a byte order mark: downloads of CSV do, which spreadsheets open.
    var hasMark = false

    /// - Parameter isDownload: The address ends with the format's extension.
    init(_ format: TableFormat, _ parameters: URLParameters, isDownload: Bool) throws(Refusal) {
        self.format = format
        switch try parameters.single("labels") {
        case nil, "en"?: break
        case "zh"?: hasLabels = true
        default: throw .parameterInvalid(name: "labels", reason: "is zh, or absent")
        }
        switch try parameters.single("profile") {
        case nil: break
        case "exact"?: isExact = true
        default: throw .parameterInvalid(name: "profile", reason: "is exact, or absent")
        }
        hasMark = isDownload && format == .csv && !isExact
    }

    /// What tells one form from another in an entity tag.
    var short: String {
        format.rawValue + (hasLabels ? "-zh" : "") + (isExact ? "-exact" : "") + (hasMark ? "-bom" : "")
    }
}

/// What is sent: an answer as it is, or as a table.
enum AnswerForm: Sendable, Hashable {
    case graphQL(AnswerMediaType)
    case table(TableOptions)

    var short: String {
        switch self {
        case .graphQL(.json): "j"
        case .graphQL(.graphQLResponse): "g"
        case .table(let options): options.short
        }
    }

    /// What problems are told as.
    var mediaType: AnswerMediaType {
        switch self {
        case .graphQL(let mediaType): mediaType
        case .table: .json
        }
    }

    /// Everything that there is, as `Accept` names it.
    static let offered = AnswerMediaType.offered + TableFormat.allCases.map(\.mediaType)
    /// The same as extensions of addresses.
    static let offeredExtensions = [".json"] + TableFormat.allCases.map { ".\($0.rawValue)" }

    /// What the client likes best; JSON where it likes both equally.
    static func best(
        accept: String?, preferred: AnswerMediaType, _ parameters: URLParameters
    ) throws(Refusal) -> AnswerForm {
        if let plain = AnswerMediaType.plain(accept: accept, preferred: preferred) { return .graphQL(plain) }
        guard let accept, TableFormat.allCases.contains(where: { accept.contains($0.mediaType) }) else {
            guard let mediaType = AnswerMediaType.best(accept: accept, preferred: preferred) else {
                throw .notAcceptable(found: accept ?? "", offered: offered)
            }
            return .graphQL(mediaType)
        }
        let mediaTypes = [preferred] + AnswerMediaType.allCases.filter { $0 != preferred }
        let names = mediaTypes.map(\.name) + TableFormat.allCases.map(\.mediaType)
        guard let place = MediaRange.best(of: names, in: accept) else { throw .notAcceptable(found: accept, offered: offered) }
        if place < mediaTypes.count { return .graphQL(mediaTypes[place]) }
        return .table(try TableOptions(TableFormat.allCases[place - mediaTypes.count], parameters, isDownload: false))
    }
}
