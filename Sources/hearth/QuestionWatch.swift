import Dispatch
import Foundation
import HTTPService
import Query
import Synchronization

/// Looks at the folder of saved questions once a second: what is written there is asked from then on, and what is broken is listed
/// as broken and stops nothing.
final class QuestionWatch: Sendable {
    /// What tells that a file is another, without reading it.
    private struct Trace: Hashable {
        var name: String
        var byteCount: Int
        var changedAt: Date
    }

    private struct State {
        var seen: Set<Trace>
        var isStopped = false
    }

    private let folder: String
    private let read: @Sendable () throws -> SavedQuestions
    private let shelf: QuestionShelf
    private let queue = DispatchQueue(label: "hearth.questions")
    private let state: Mutex<State>

    /// - Parameter read: Reads the folder anew.
    init(_ folder: String, _ shelf: QuestionShelf, read: @escaping @Sendable () throws -> SavedQuestions) {
        self.folder = folder
        self.shelf = shelf
        self.read = read
        state = Mutex(State(seen: Self.traces(of: folder)))
    }

    func start() { lookLater() }

    /// Waits for what is being done, and looks no more.
    func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync {}
    }

    private func lookLater() {
        queue.asyncAfter(deadline: .now() + .seconds(1)) { [weak self] in self?.look() }
    }

    private func look() {
        guard !state.withLock({ $0.isStopped }) else { return }
        let traces = Self.traces(of: folder)
        let isNew = state.withLock { state in
            defer { state.seen = traces }
            return state.seen != traces
        }
        if isNew { take() }
        lookLater()
    }

    private func take() {
        do {
            let questions = try read()
            shelf.replace(with: questions)
            Terminal.tell("hearth: \(questions.questions.count) saved questions were read again")
            Self.tellProblems(of: questions)
        } catch {
            Terminal.tell("hearth: the saved questions stay as they were: \(error)")
        }
    }

    static func tellProblems(of questions: SavedQuestions) {
        for question in questions.questions where !question.problems.isEmpty {
            Terminal.tell("hearth: the saved question \(question.name) is broken: \(question.problems.joined(separator: "; "))")
        }
    }

    /// Of the folder, and of those right below it.
    private static func traces(of folder: String) -> Set<Trace> {
        let manager = FileManager.default
        var traces: Set<Trace> = []
        func add(_ path: String, _ isBelow: Bool) {
            for name in (try? manager.contentsOfDirectory(atPath: folder + path)) ?? [] {
                let path = path + "/" + name
                guard let attributes = try? manager.attributesOfItem(atPath: folder + path) else { continue }
                if name.hasSuffix(".graphql") {
                    traces.insert(
                        Trace(
                            name: path, byteCount: (attributes[.size] as? NSNumber)?.intValue ?? 0,
                            changedAt: attributes[.modificationDate] as? Date ?? .distantPast))
                } else if !isBelow, attributes[.type] as? FileAttributeType == .typeDirectory {
                    add(path, true)
                }
            }
        }
        add("", false)
        return traces
    }
}
