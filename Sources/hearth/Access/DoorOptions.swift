import Access
import ArgumentParser
import Bytes
import HTTPService
import Settings

/// Who may come in, from where, and how that is kept from others' eyes.
struct DoorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The rules for tokens (JWT) of another system: issuer, audience, keys, which claims count. Read again when it changes.",
            valueName: "file"))
    var jwt: String?

    @Option(
        name: .customLong("tls-certificate"),
        help: ArgumentHelp(
            "A certificate in PEM, followed by those that lead to one that clients know; with --tls-key. Read again on SIGHUP.",
            valueName: "file"))
    var certificate: String?

    @Option(
        name: .customLong("tls-key"),
        help: ArgumentHelp("The certificate's key in PEM, readable to its owner only.", valueName: "file"))
    var certificateKey: String?

    @Option(
        name: .customLong("allow-origin"),
        help: ArgumentHelp(
            "An origin whose pages may ask, with a key and without cookies (CORS): https://host or https://host:port. Several times.",
            valueName: "origin"))
    var origins: [String] = []

    func validate() throws {
        if (certificate == nil) != (certificateKey == nil) {
            throw ValidationError("--tls-certificate and --tls-key belong together.")
        }
    }

    /// With what the server encrypts; nil: it does not.
    func identity(_ configuration: Configuration) throws(Failure) -> TLSIdentity? {
        guard let certificate = certificate ?? configuration.certificate,
            let key = certificateKey ?? configuration.certificateKey
        else { return nil }
        do throws(TLSProblem) {
            return try TLSIdentity(
                TLSFiles(certificate: certificate, key: key), on: POSIXFileSystem(), now: Clock.now, warn: Self.warn)
        } catch {
            throw Failure(code: .configuration, message: "TLS: \(error)")
        }
    }

    /// Takes up a new certificate. If it is of no use, what was there before stays.
    static func reload(_ identity: TLSIdentity, _ log: EventLog) {
        do throws(TLSProblem) {
            try identity.reload(warn: warn)
            log.tell("certificate", [("outcome", .text("taken"))])
        } catch {
            log.tell("certificate", [("outcome", .text("refused"))])
            Terminal.tell("hearth: the certificate that was read before is kept: \(error)")
        }
    }

    private static func warn(_ sentence: String) { Terminal.tell("hearth: \(sentence)") }
}
