import ArgumentParser
import Foundation
import HTTPService
import Model
import Store

/// Under which model data is read.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the model. Standard: Schema/model, where ./hearth lies.", valueName: "folder"))
    var model: String?

    func modelAndText() throws(Failure) -> (Model, [UInt8]) {
        try Self.modelAndText(in: model ?? RegisterOptions.folder("Schema/model", below: RegisterOptions.rootFolder()))
    }

    /// The model, and its SDL as data is kept with it.
    static func modelAndText(in folder: String) throws(Failure) -> (Model, [UInt8]) {
        do {
            return (try Register.model(in: folder), try Register.modelText(in: folder))
        } catch {
            throw Failure(error)
        }
    }
}

/// A data folder that is there.
struct DataFolderOptions: ParsableArguments {
    @OptionGroup var register: ModelOptions

    @Option(help: ArgumentHelp("The data folder.", valueName: "folder"))
    var data: String

    func open(isReadOnly: Bool = false) throws(Failure) -> Store {
        let (model, text) = try register.modelAndText()
        var options = DataOptions.storeOptions(model, text)
        options.isReadOnly = isReadOnly
        do {
            return try opened(options)
        } catch {
            throw Failure(error)
        }
    }

    /// The options under which the folder is opened for writing.
    func writing(keeping snapshotCount: Int) throws(Failure) -> StoreOptions {
        let (model, text) = try register.modelAndText()
        var options = DataOptions.storeOptions(model, text)
        options.keptSnapshotCount = snapshotCount
        return options
    }

    func opened(_ options: StoreOptions) throws(StoreError) -> Store {
        let opened = try Store.open(data, options)
        opened.tellMigration()
        for warning in opened.warnings { Terminal.tell("hearth: \(warning)") }
        return opened.store
    }
}
