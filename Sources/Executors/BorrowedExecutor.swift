/// Runs tasks on a thread that somebody else has, so that a task can stay where its work comes from.
///
/// A task that prefers it begins there, and goes on there after each time it has waited.
package final class BorrowedExecutor: TaskExecutor {
    /// Runs a piece of work later, after those it was given before.
    package typealias Lender = @Sendable (@escaping @Sendable () -> Void) -> Void

    private let lend: Lender

    /// - Parameter lend: Must run everything it is given, once, also when its owner is about to end.
    package init(_ lend: @escaping Lender) { self.lend = lend }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The job is run once, as `Lender` promises; the closure holds what the job is told it runs on.
        lend { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
