import ArgumentParser
import Foundation
import HTTPService
import Model
import Store

/// Where a command keeps its data.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder in which changes last. A new one is filled from the sample or the CSV files. Standard: Snapshots/live, "
                + "unless --sample or --csv says what to read.", valueName: "folder"))
    var data: String?

    @Flag(
        name: .customLong("no-data"),
        help: "Keeps nothing: reads the sample or the CSV files at every start, and nothing can be changed.")
    var keepsNothing = false

    @Flag(name: .customLong("read-only"), help: "Opens the data folder for reading, while nobody has it open for writing.")
    var isReadOnly = false

    @Flag(
        name: .customLong("verify-first"),
        help: ArgumentHelp(
            "Checks every byte before the first answer, not each column before it is used. "
                + "If the newest snapshot is damaged, an older one and the journal take its place."))
    var verifiesFirst = false

    @Option(help: ArgumentHelp("How many snapshots are kept, with the changes since the oldest.", valueName: "number"))
    var keep = 8

    @Option(
        name: .customLong("snapshot-every"),
        help: ArgumentHelp("After how many changes a running server writes a snapshot.", valueName: "number"))
    var snapshotEvery = 10_000

    @Option(
        name: .customLong("max-rebuilt-changes"),
        help: ArgumentHelp(
            "How many changes are read from the journal at most to make a version between two snapshots again.",
            valueName: "number"))
    var rebuildLimit = 50_000

    func validate() throws {
        if rebuildLimit < 0 { throw ValidationError("--max-rebuilt-changes is at least 0.") }
        if snapshotEvery < 1 { throw ValidationError("--snapshot-every is at least 1.") }
        if keepsNothing, data != nil { throw ValidationError("--no-data and --data exclude each other.") }
        if keepsNothing, isReadOnly { throw ValidationError("--no-data and --read-only exclude each other.") }
        if keep < 1 { throw ValidationError("--keep is at least 1: the last good snapshot always stays.") }
    }

    func storeOptions(_ model: Model, _ text: [UInt8]) -> StoreOptions {
        var options = Self.storeOptions(model, text)
        if verifiesFirst { options.storage = ArrowVersions() }
        options.keptSnapshotCount = keep
        options.rebuildLimit = rebuildLimit
        options.isReadOnly = isReadOnly
        return options
    }

    /// The folder that is opened or made; nil where files are read, and nothing is kept.
    func folder(_ register: RegisterOptions) -> (path: String, isStandard: Bool)? {
        if let data { return (data, false) }
        return keepsNothing || register.namesRows ? nil : (register.folder("Snapshots/live"), true)
    }

    /// For commands that change nothing. A folder that a server writes is locked for them.
    static func reading(_ folder: String?) -> DataOptions {
        var options = DataOptions()
        options.data = folder
        options.keepsNothing = folder == nil
        options.isReadOnly = folder != nil
        options.keep = 1
        options.verifiesFirst = false
        options.snapshotEvery = 1
        options.rebuildLimit = 50_000
        return options
    }

    /// As every command opens a data folder.
    static func storeOptions(_ model: Model, _ text: [UInt8]) -> StoreOptions {
        var options = StoreOptions(
            storage: ArrowVersions.checkedOnFirstUse { Terminal.tell("hearth: stored data is damaged: \($0)") },
            outline: model.outline, model: text, process: "\(ProcessInfo.processInfo.processIdentifier)", clock: Clock.now)
        options.readModel = { text in
            try? Model(sources: [ModelSource(name: "model.graphql", bytes: text)], digest: "").outline
        }
        return options
    }
}

extension Failure {
    init(_ error: StoreError) {
        self.init(code: ExitStatus(rawValue: error.exitCode) ?? .system, message: "\(error)")
    }

    /// - Parameter isStandard: Whether nobody named the folder, so that whoever started may not know of it.
    init(_ error: StoreError, isStandard: Bool) {
        self.init(error)
        guard isStandard else { return }
        switch error.reason {
        case .locked: message += "\nAnother folder can be named with --data; --no-data reads the sample without one."
        case .storage, .readOnly:
            message +=
                "\nThis is where changes are kept unless --data names another folder; --no-data reads the sample without one."
        case .otherModel, .damaged, .foreign, .newer, .occupied:
            message += "\nTo begin anew with the sample, move the folder away; --no-data reads the sample without one."
        case .absent: break
        }
    }
}
