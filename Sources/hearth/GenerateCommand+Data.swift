import Bytes
import Generation
import HTTPService
import Model
import Settings
import Store
import StoreColumns
import StoreJournal

extension GenerateCommand {
    /// Makes a data folder without files in between.
    func makeData(_ recipe: GenerationRecipe, _ register: RegisterGenerator, in folder: String) async throws {
        let places = model ?? RegisterOptions.folder("Schema/model", below: RegisterOptions.rootFolder(named: root))
        let (model, text) = try ModelOptions.modelAndText(in: places)
        let system = POSIXFileSystem()
        if try system.exists(folder) {
            let names = try system.list(folder)
            guard names.isEmpty else {
                throw Failure(code: .usage, message: "the folder \(folder) is not empty; name one that is")
            }
        } else {
            try system.makeFolder(folder)
        }
        let scratch = Scratch(folder: folder)
        let builder = GraphBuilder(catalog: model.catalog, in: scratch)
        let loader = try RowLoader(register, catalog: model.catalog, into: builder)
        var progress = ProgressLine()
        var done = 0
        try await register.makeRows(workers: workerCount) { number, part in
            try loader.append(part)
            if let failure = scratch.failure { throw failure }
            done += register.share(ofPart: number)
            show(&progress, done, loader.rowCount, recipe, register)
        }
        progress.finish()
        let madeSeconds = progress.seconds
        Terminal.tell(
            "\(loader.rowCount) rows in \(tenths(madeSeconds)) s (\(Int(Double(loader.rowCount) / max(madeSeconds, 0.001))) rows/s); "
                + "their edges and indexes")
        let version: GraphVersion
        do {
            version = try builder.finish(number: 1, publishedAt: Clock.now(), problemLimit: 20)
        } catch {
            let told = error.problems.map { "  \(model.catalog[$0.type].name), row \($0.row): \($0.reason)" }
            throw Failure(
                code: .data, message: "\(error.problemCount) rows break the model's rules:\n\(told.joined(separator: "\n"))")
        }
        if let failure = scratch.failure { throw failure }
        Terminal.tell("in \(tenths(progress.seconds - madeSeconds)) s; \(scratch.byteCount) bytes of room taken; writing")
        let begun = progress.seconds
        do {
            try Store.make(
                folder, version, id: FolderID(high: .random(in: .min ... .max), low: .random(in: .min ... .max)),
                DataOptions.storeOptions(model, text))
        } catch {
            throw Failure(error)
        }
        Terminal.tell("written in \(tenths(progress.seconds - begun)) s; \(tenths(progress.seconds)) s in all")
    }
}
