import HTTPTypes

/// What stands at a path.
///
/// A path is compared, never opened: the names in it are keys of tables that were read at start.
enum Route: Sendable, Equatable {
    case startPage
    case asset(String)
    case graphQL
    case schema
    case signIn
    case signOut
    case live
    case ready
    case questions
    case question(String)
    case questionSource(String)
    /// Where files are brought.
    case imports
    /// One that was begun.
    case importJob(String)
    /// Where versions are archived.
    case archives
    /// One that is made, or was.
    case archive(String)
    /// The same as one file.
    case archiveFile(String)
    /// A saved question in a format, by its extension.
    case questionTable(String, extension: String)
    /// The saved questions as an OpenAPI document.
    case openAPI
    case metrics
    /// Word of every new version.
    case events
    /// What the audit can be asked, and one of these questions, with an extension where one is given.
    case auditQuestions
    case auditQuestion(String, extension: String?)
    /// Why a rule holds for a row; without a name, the rules.
    case explanation(String?)
    /// A page of `Schema/pages`, by the name of its folder.
    case page(String)

    /// - Parameter target: A request target; what follows `?` is not looked at.
    init?(target: String) {
        let path = target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[..<$0] } ?? target[...]
        switch path {
        case "/": self = .startPage
        case "/graphql": self = .graphQL
        case "/schema.graphql": self = .schema
        case "/sign-in": self = .signIn
        case "/sign-out": self = .signOut
        case "/health/live": self = .live
        case "/health/ready": self = .ready
        case "/q": self = .questions
        case "/archives": self = .archives
        case "/imports": self = .imports
        case "/events": self = .events
        case "/openapi.json": self = .openAPI
        case "/metrics": self = .metrics
        case "/explain": self = .explanation(nil)
        case "/audit": self = .auditQuestions
        default:
            // What is asked most, without taking it apart.
            if path.hasPrefix("/q/"), Self.isName(path.dropFirst(3)) {
                self = .question(String(path.dropFirst(3)))
                return
            }
            let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            guard let first = parts.first else { return nil }
            guard let second = parts.dropFirst().first else {
                guard Self.isName(first) else { return nil }
                self = .page(String(first))
                return
            }
            switch (first, parts.count) {
            case ("q", 2) where Self.isName(second): self = .question(String(second))
            case ("q", 2):
                let pieces = second.split(separator: ".", omittingEmptySubsequences: false)
                guard pieces.count == 2, Self.isName(pieces[0]), Self.isName(pieces[1]) else { return nil }
                self = .questionTable(String(pieces[0]), extension: String(pieces[1]))
            case ("audit", 2):
                let pieces = second.split(separator: ".", omittingEmptySubsequences: false)
                guard pieces.count <= 2, pieces.allSatisfy(Self.isName) else { return nil }
                self = .auditQuestion(String(pieces[0]), extension: pieces.count == 2 ? String(pieces[1]) : nil)
            case ("q", 3) where Self.isName(second) && parts.last == "source": self = .questionSource(String(second))
            case ("imports", 2) where Self.isName(second): self = .importJob(String(second))
            case ("archives", 2) where Self.isRuleName(second) && !second.contains("."): self = .archive(String(second))
            case ("archives", 2) where Self.isRuleName(second) && second.hasSuffix(".tar"):
                self = .archiveFile(String(second.dropLast(4)))
            case ("explain", 2) where Self.isRuleName(second): self = .explanation(String(second))
            case ("assets", 2): self = .asset(String(second))
            case ("assets", 3): self = .asset(parts.dropFirst().joined(separator: "/"))
            default: return nil
            }
        }
    }

    /// `[A-Za-z0-9_-]{1,64}`.
    private static func isName(_ text: Substring) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }

    /// A question, a check, or `Type.field`.
    private static func isRuleName(_ text: Substring) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    /// The methods that are answered here, as `Allow` lists them.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .graphQL, .signIn, .question, .questionTable: [.get, .head, .post]
        case .archives, .imports: [.get, .head, .post]
        case .signOut: [.post]
        default: [.get, .head]
        }
    }

    /// Whether it is answered to whoever asks: whether we live, and how one signs in.
    var isOpen: Bool {
        switch self {
        case .live, .ready, .signIn, .signOut, .asset("sign-in/sign-in.css"): true
        default: false
        }
    }

    /// Whether a person comes here, and signs in where that is asked.
    var isPage: Bool {
        switch self {
        case .startPage, .page: true
        default: false
        }
    }

    /// Whether it is a page, or leads to a session: nothing for pages of other origins, whatever they may ask.
    var isForOwnPages: Bool {
        switch self {
        case .startPage, .page, .asset, .signIn, .signOut: true
        default: false
        }
    }

    /// How the log calls it: without what a client wrote.
    var name: String {
        switch self {
        case .startPage: "/"
        case .asset: "/assets/<name>"
        case .graphQL: "/graphql"
        case .schema: "/schema.graphql"
        case .signIn: "/sign-in"
        case .signOut: "/sign-out"
        case .live: "/health/live"
        case .ready: "/health/ready"
        case .questions: "/q"
        case .question: "/q/<name>"
        case .questionSource: "/q/<name>/source"
        case .imports: "/imports"
        case .importJob: "/imports/<name>"
        case .archives: "/archives"
        case .archive: "/archives/<name>"
        case .archiveFile: "/archives/<name>.tar"
        case .questionTable: "/q/<name>.<format>"
        case .events: "/events"
        case .openAPI: "/openapi.json"
        case .metrics: "/metrics"
        case .auditQuestions: "/audit"
        case .auditQuestion: "/audit/<name>"
        case .explanation(nil): "/explain"
        case .explanation: "/explain/<rule>"
        case .page: "/<page>"
        }
    }
}
