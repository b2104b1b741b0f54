import Bytes
import Generation
import HTTPService
import Model
import Settings
import Store
import StoreColumns
import StoreJournal
import Synchronization

extension GenerateCommand {
    /// Makes a data folder without files in between. After an error the folder is as it was.
    func makeData(_ recipe: GenerationRecipe, _ register: RegisterGenerator, in folder: String) async throws {
        let places = model ?? RegisterOptions.folder("Schema/model", below: RegisterOptions.rootFolder(named: root))
        let (model, text) = try ModelOptions.modelAndText(in: places)
        let options = DataOptions.storeOptions(model, text)
        let system = POSIXFileSystem()
        let isThere = try system.exists(folder)
        do {
            try Store.prepareMaking(folder, options)
        } catch {
            throw Failure(error)
        }
        if !isThere { try system.makeFolder(folder) }
        do {
            try checkRoom(for: register, model, text, in: folder)
            try await fill(folder, model, recipe, register, options)
        } catch {
            // What was begun is cleared away by whoever began it; a lock's file is left.
            do throws(FileError) {
                if try system.exists(folder + "/LOCK") { try system.remove(folder + "/LOCK") }
                if !isThere { try system.removeFolder(folder) }
            } catch {}
            throw error
        }
    }

    private func fill(
        _ folder: String, _ model: Model, _ recipe: GenerationRecipe, _ register: RegisterGenerator, _ options: StoreOptions
    ) async throws {
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
                + "what must be unique is looked at")
        let line = Mutex(progress)
        let total = loader.rowCount
        let graph: PassingGraph
        do {
            graph = try builder.finishForPassing(number: 1, publishedAt: Clock.now(), problemLimit: 20) { step in
                line.withLock { show(step, of: total, scratch, on: &$0) }
            }
        } catch {
            let told = error.problems.map { "  \(model.catalog[$0.type].name), row \($0.row): \($0.reason)" }
            throw Failure(
                code: .data, message: "\(error.problemCount) rows break the model's rules:\n\(told.joined(separator: "\n"))")
        }
        line.withLock { $0.finish() }
        if let failure = scratch.failure { throw failure }
        Terminal.tell("in \(tenths(progress.seconds - madeSeconds)) s; \(scratch.heldByteCount) bytes of room taken; writing")
        let begun = progress.seconds
        do {
            try Store.make(
                folder, graph, id: FolderID(high: .random(in: .min ... .max), low: .random(in: .min ... .max)), options)
        } catch {
            throw Failure(error)
        }
        line.withLock { $0.finish() }
        Terminal.tell("written in \(tenths(progress.seconds - begun)) s; \(tenths(progress.seconds)) s in all")
    }

    private func show(_ step: PassingGraph.Step, of rowCount: Int, _ scratch: Scratch, on line: inout ProgressLine) {
        switch step {
        case .checking(let share): line.show(share, "of what must be unique is looked at")
        case .passed(let type, _, let passedRowCount):
            let room = "\(scratch.heldByteCount) bytes of room still taken"
            if passedRowCount == rowCount {
                line.finish()
                Terminal.tell("all rows are written, \(room); the indexes")
            } else {
                line.show(Double(passedRowCount) / Double(max(1, rowCount)), "\(type) is written, \(room)")
            }
        }
    }
}
