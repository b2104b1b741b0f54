import Access
import Bytes
import NIOCore
import NIOSSL
import StoreColumns

/// Where a server's certificate and its key lie, both in PEM.
package struct TLSFiles: Sendable, Hashable {
    /// The server's own certificate first, then those that lead to one that clients know.
    package var certificate: String
    /// Not encrypted, so that a server can start alone; readable to its owner only.
    package var key: String

    /// More is no chain of certificates.
    private static let byteLimit = 1 << 20

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// What both files say, if they belong together.
    func read(on files: any FileSystem) throws(TLSProblem) -> (context: NIOSSLContext, ends: Instant, begins: Instant) {
        let certificateBytes: [UInt8]
        do throws(FileError) {
            certificateBytes = try files.contents(of: certificate, limit: Self.byteLimit)
        } catch {
            throw error.reason == .absent ? .certificateAbsent(certificate) : .certificateUnreadable(error)
        }
        let keyBytes: [UInt8]
        do throws(PrivateFileError) {
            keyBytes = try PrivateFile.read(key, limit: Self.byteLimit, on: files)
        } catch {
            throw .key(error)
        }
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificateBytes), let own = chain.first else {
            throw .noCertificate(certificate)
        }
        // No words of the library: they might quote what they have read.
        guard let privateKey = try? NIOSSLPrivateKey(bytes: keyBytes, format: .pem) else { throw .noKey(key) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // Who does not say goodbye is not waited for longer than who reads nothing.
        configuration.shutdownTimeout = .seconds(2)
        guard let context = try? NIOSSLContext(configuration: configuration) else { throw .keyDoesNotFit(self) }
        return (context, Self.instant(own.notValidAfter), Self.instant(own.notValidBefore))
    }

    private static func instant(_ seconds: Int) -> Instant {
        let (product, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
        return Instant(microseconds: overflow ? (seconds < 0 ? .min : .max) : product)
    }
}

/// Why a server cannot encrypt with these files.
package enum TLSProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case certificateAbsent(String)
    case certificateUnreadable(FileError)
    case noCertificate(String)
    case key(PrivateFileError)
    case noKey(String)
    case keyDoesNotFit(TLSFiles)

    package var description: String {
        switch self {
        case .certificateAbsent(let path): "the certificate \(path) is not there (--tls-certificate)."
        case .certificateUnreadable(let error): "the certificate: \(error)"
        case .noCertificate(let path): "\(path) holds no certificate in PEM (-----BEGIN CERTIFICATE-----)."
        case .key(let error): "the certificate's key: \(error) (--tls-key)"
        case .noKey(let path): "\(path) holds no key in PEM that could be read without a password (-----BEGIN PRIVATE KEY-----)."
        case .keyDoesNotFit(let files): "the key \(files.key) is not the one of the certificate \(files.certificate)."
        }
    }
}
