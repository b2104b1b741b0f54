import Access
import ArgumentParser
import Bytes
import Foundation
import HTTPService
import Query

/// `hearth audit verify|who-read|digest`
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Checks the audit of who asked what, and finds what was asked.",
        subcommands: [Verify.self, WhoRead.self, Digest.self])

    static var standardFolder: String {
        let data = RegisterOptions.folder("Snapshots/live", below: RegisterOptions.rootFolder())
        return AuditKeeping.standardPath(beside: data)
    }

    /// `hearth audit verify [FOLDER]`
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Checks that no line of an audit was changed, moved or taken away.",
            discussion: """
                Ends with 0 and the last line's number and hash, or with 65 and the first line that is not what was written. Whether lines \
                were taken away from the end is told only by a hash that was kept elsewhere: give it with --head. A server tells its log one \
                every minute.
                """)

        @Argument(help: "The folder of the audit. Standard: Snapshots/live.audit.")
        var folder: String?

        @Option(help: ArgumentHelp("The hash of a line that must still be there.", valueName: "hash"))
        var head: String?

        func validate() throws {
            if let head, SHA256Digest(hexadecimal: head) == nil { throw ValidationError("--head has 64 hexadecimal digits.") }
        }

        func run() throws {
            let folder = self.folder ?? AuditCommand.standardFolder
            do throws(AuditProblem) {
                let report = try AuditReading.check(folder, on: POSIXFileSystem(), wanted: head?.lowercased())
                let torn = report.tornByteCount > 0 ? "; the last line is not whole (\(report.tornByteCount) bytes)" : ""
                Terminal.show(
                    "whole: lines \(report.firstNumber) to \(report.lastNumber) in \(report.fileCount) files, head \(report.head)\(torn)"
                )
            } catch {
                throw Failure(code: error.isStorage ? .system : .data, message: "\(error)")
            }
        }
    }

    /// `hearth audit digest`
    struct Digest: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "digest",
            abstract: "Tells by which digest an audit names a document, a variable's value, a claim or whom a token is about.",
            discussion:
                "Digests are made with the key in the file of keys; who has not got that file cannot tell what they are of.")

        @OptionGroup var place: KeysCommand.Place

        @Option(help: ArgumentHelp("A file with the document, to the byte as it was sent.", valueName: "file"))
        var document: String?

        @Option(help: ArgumentHelp("A variable's value, as JSON.", valueName: "json"))
        var value: String?

        @Option(help: ArgumentHelp("A claim's value, as a key or a token has it.", valueName: "text"))
        var claim: String?

        @Option(help: ArgumentHelp("What an issuer of tokens calls somebody; with --issuer.", valueName: "text"))
        var subject: String?

        @Option(help: ArgumentHelp("Whose tokens they are, as the rules for tokens name it.", valueName: "text"))
        var issuer: String?

        func validate() throws {
            guard [document, value, claim, subject].count(where: { $0 != nil }) == 1 else {
                throw ValidationError("Give one of --document, --value, --claim and --subject.")
            }
            if (subject == nil) != (issuer == nil) { throw ValidationError("--subject and --issuer belong together.") }
        }

        func run() throws {
            let digests = AuditDigests(key: try place.read().digestKey)
            if let value { Terminal.show(digests.value(try Self.written(value))) }
            if let claim { Terminal.show(digests.claim(claim)) }
            if let subject, let issuer { Terminal.show(Asker.id(ofTokenFor: subject, issuer: issuer, digests)) }
            if let document { Terminal.show(digests.document(try Self.digest(ofFile: document))) }
        }

        /// A value given as JSON, as a request writes it.
        private static func written(_ value: String) throws(Failure) -> [UInt8] {
            let request: QueryRequest
            do throws(RequestError) {
                request = try parsed(value)
            } catch {
                throw Failure(code: .usage, message: "--value is no JSON: \(String(decoding: error.body, as: UTF8.self))")
            }
            return request.variableTexts.first.map { Array($0.text.utf8) } ?? []
        }

        private static func parsed(_ value: String) throws(RequestError) -> QueryRequest {
            try QueryRequest.parse(
                query: "{a}", variables: "{\"v\":\(value)}", extensions: nil, operationName: nil, limits: QueryLimits())
        }

        private static func digest(ofFile path: String) throws(Failure) -> SHA256Digest {
            do throws(RegisterFiles.Problem) {
                let bytes = try RegisterFiles.bytes(of: path)
                return SHA256Digest(of: bytes.span)
            } catch {
                throw Failure(code: .system, message: "\(error)")
            }
        }
    }
}
