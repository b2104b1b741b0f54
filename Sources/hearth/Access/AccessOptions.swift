import ArgumentParser

/// Which rules say who may see and change what.
struct AccessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The rules of access: which roles there are, and what each sees; 'none': no role but reader and editor. "
                + "Standard: Schema/access.yaml, where it is there.", valueName: "file"))
    var access: String?

    /// The word in place of a file for no rules at all.
    private static let none = "none"

    /// Reads the rules.
    ///
    /// - Parameters:
    ///   - configured: The file that the configuration names, if the command names none.
    ///   - root: The folder that holds `Schema`; nil: the standard one.
    /// - Throws: Everything that is wrong with the file, and where one that was named is not there.
    func roles(configured: String? = nil, root: String? = nil) throws(Failure) -> AccessRoles {
        switch access ?? configured {
        case Self.none?: AccessRoles()
        case let named?: try AccessRoles(reading: named, isNamed: true)
        case nil:
            try AccessRoles(
                reading: RegisterOptions.folder(AccessRoles.path, below: RegisterOptions.rootFolder(named: root)), isNamed: false)
        }
    }
}
