import Bytes

/// The private key that archives are signed with: a file that is its owner's alone.
enum ArchiveKey {
    /// - Returns: Nil where none is named.
    static func read(_ path: String?) throws(Failure) -> Ed25519PrivateKey? {
        guard let path else { return nil }
        do throws(FileError) {
            let status = try POSIXFileSystem().status(path)
            guard status.isOwned, status.permissions & 0o077 == 0 else {
                throw FileError(
                    .read, path, .notPermitted,
                    text: "a private key is its owner's alone; chmod 600 it, and run this as its owner")
            }
        } catch {
            throw Failure(code: .configuration, message: "\(error)")
        }
        guard let key = Ed25519PrivateKey(pem: try ArchiveReading.contents(of: path)) else {
            throw Failure(
                code: .configuration,
                message: "\(path) is no PEM file of an Ed25519 private key without a password, as "
                    + "'openssl genpkey -algorithm ed25519' writes it")
        }
        return key
    }
}
