import Access
import ArgumentParser
import Bytes
import Foundation
import HTTPService
import StoreColumns

/// `hearth keys add|list|revoke`
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Makes, lists and revokes the keys by which others may ask a server.",
        discussion: """
            Keys lie in a file of their own beside the data folder, as digests: Snapshots/live.keys for Snapshots/live. A server that \
            finds the file when it starts asks everybody for a key, and takes up changes of the file within a second.
            """, subcommands: [Add.self, List.self, Revoke.self])

    /// Which file.
    struct Place: ParsableArguments {
        @Option(help: ArgumentHelp("The data folder beside which the keys lie. Standard: Snapshots/live.", valueName: "folder"))
        var data: String?

        @Option(help: ArgumentHelp("The file of keys, wherever it lies.", valueName: "file"))
        var keys: String?

        func validate() throws {
            if data != nil, keys != nil { throw ValidationError("--keys says what --data says.") }
        }

        var path: String {
            keys
                ?? DoorKeeping.standardPath(
                    beside: data ?? RegisterOptions.folder("Snapshots/live", below: RegisterOptions.rootFolder()))
        }

        func read() throws(Failure) -> KeyFile {
            do throws(KeyFileError) {
                return try KeyFile.read(path, on: POSIXFileSystem())
            } catch {
                throw Failure(code: .configuration, message: "\(error)")
            }
        }

        func change<Result>(
            _ body: (inout KeyFile) throws(KeyFileChangeProblem) -> Result
        ) throws(Failure) -> Result {
            do throws(KeyFileChangeProblem) {
                return try KeyFile.change(
                    path, on: POSIXFileSystem(), digestKey: { (0..<32).map { _ in UInt8.random(in: 0...255) } }, body)
            } catch {
                switch error {
                case .file(.storage): throw Failure(code: .system, message: "\(error)")
                case .file: throw Failure(code: .configuration, message: "\(error)")
                case .refused: throw Failure(code: .usage, message: "\(error)")
                }
            }
        }
    }

    /// `hearth keys add NAME`
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Makes a key and shows it, this once.",
            discussion: "The key is written on the standard output and kept nowhere; the file holds its digest.")

        @OptionGroup var place: Place
        @OptionGroup var access: AccessOptions

        @Argument(help: "What people call the key: the program or the person who has it.")
        var name: String

        @Option(
            help: ArgumentHelp(
                "What its holder may do: reader (ask everything), editor (ask and change everything), or a role that the server knows.",
                valueName: "role"))
        var role = BuiltInRole.reader.rawValue

        @Option(
            name: .customLong("claim"),
            help: ArgumentHelp(
                "What rules of the role may compare rows with, as area=420115; several, also of one name.",
                valueName: "name=value"))
        var claims: [String] = []

        @Option(help: ArgumentHelp("After how many days it ends, 1 to 3650. Standard: 365.", valueName: "number"))
        var days: Int?

        @Option(
            name: .customLong("expires"),
            help: ArgumentHelp("The day with which it ends (its first moment, UTC), or that moment.", valueName: "date"))
        var expiry: String?

        func validate() throws {
            if let days, !(1...3_650).contains(days) { throw ValidationError("--days lies between 1 and 3650.") }
            if days != nil, expiry != nil { throw ValidationError("--expires says what --days says.") }
            if expiry != nil, Self.moment(expiry) == nil {
                throw ValidationError("--expires is a date as 2027-06-30, or a moment as 2027-06-30T18:00:00Z.")
            }
            for claim in claims where Self.claim(claim) == nil {
                throw ValidationError("--claim is a name and a value, as area=420115; found '\(claim)'.")
            }
        }

        private static func moment(_ text: String?) -> Instant? {
            text.flatMap { Instant(isoText: $0) ?? Instant(isoText: $0 + "T00:00:00Z") }
        }

        private static func claim(_ text: String) -> Claim? {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, Claim.isName(parts[0]), Claim.isValue(parts[1]) else { return nil }
            return Claim(name: parts[0], value: parts[1])
        }

        /// The end that was asked for.
        private func end(from now: Instant) throws(Failure) -> Instant {
            let day: Int64 = 86_400_000_000
            guard let end = Self.moment(expiry) else { return Instant(microseconds: now.microseconds + Int64(days ?? 365) * day) }
            guard end > now, end.microseconds - now.microseconds <= 3_650 * day else {
                throw Failure(code: .usage, message: "--expires lies in the next 3650 days; found \(end)")
            }
            return end
        }

        func run() throws {
            var random = SystemRandomNumberGenerator()
            let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            let number = random.next()
            let now = Clock.now()
            let today = Instant(microseconds: now.microseconds / 1_000_000 * 1_000_000)
            let end = try end(from: today)
            let claims = claims.compactMap(Self.claim)
            try access.roles().require(role)
            let text = try place.change { file throws(KeyFileChangeProblem) in
                try file.add(
                    name: name, role: role, claims: claims, number: number, secret: secret, now: today, expiresAt: end)
            }
            Terminal.show(text)
            Terminal.tell(
                "hearth: \(role) until \(end), in \(place.path). The key is shown this once: keep it where secrets are kept."
            )
        }
    }

    /// `hearth keys list`
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the keys, without their secrets.")

        @OptionGroup var place: Place

        func run() throws {
            let now = Clock.now()
            for key in try place.read().keys {
                let state =
                    if let revokedAt = key.revokedAt {
                        "revoked \(revokedAt)"
                    } else if !key.isUsable(at: now) {
                        "ended \(key.expiresAt)"
                    } else {
                        "until \(key.expiresAt)"
                    }
                let claims = key.claims.map { "\($0.name)=\($0.value) " }.joined()
                Terminal.show("\(key.id)  \(key.role)  \(claims)\(claims.isEmpty ? "" : " ")\(state)  \(key.name)")
            }
        }
    }

    /// `hearth keys revoke KEY`
    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Ends a key and its sessions, for ever; a running server follows within a second.")

        @OptionGroup var place: Place

        @Argument(help: "The key's id or name, as list shows them.")
        var key: String

        func run() throws {
            let record = try place.change { file throws(KeyFileChangeProblem) in try file.revoke(key, now: Clock.now()) }
            Terminal.show("revoked \(record.id) (\(record.name))")
        }
    }
}
