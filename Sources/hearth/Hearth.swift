import ArgumentParser
import Bytes
import Foundation
import Glibc
import HTTPService
import Query

/// The command.
@main
struct Hearth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth",
        abstract: "A GraphQL server over an in-memory graph of a register.",
        discussion: "Through ./hearth there are two more: test builds and runs the tests, bench the measurements.",
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, QueryCommand.self, ExplainCommand.self, CheckCommand.self, ImportCommand.self,
            GenerateCommand.self,
            SnapshotCommand.self, VersionsCommand.self, DiffCommand.self, VerifyCommand.self, BackupCommand.self,
            RestoreCommand.self, ArchiveCommand.self, RepairCommand.self, RedactCommand.self, KeysCommand.self, AuditCommand.self,
        ])

    static func main() async {
        // Written lines may go to a pipe that nobody reads any more; that is the write's failure, not the process's.
        signal(SIGPIPE, SIG_IGN)
        MappedFile.endProcess(withStatusOnLostPage: ExitStatus.system.rawValue)
        ProcessHeap.keepFreedMemory()
        // What is in memory, and in files that are made, is for whoever runs this.
        umask(0o077)
        if let error = ProcessHeap.keepPrivate() {
            Terminal.tell("hearth: the system would write this process's memory into a core file if it died (error \(error))")
        }
        // Swift would tell of a fault with registers and bytes of memory around them, and what the register holds is in memory.
        for fault in [SIGQUIT, SIGABRT, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { signal(fault, SIG_DFL) }
        let arguments = GenerateCommand.translated(LimitFlags.translated(Array(CommandLine.arguments.dropFirst())))
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Terminal.tell("hearth: \(failure.message)")
            Glibc.exit(failure.code.rawValue)
        } catch {
            if arguments.first == CheckCommand.configuration.commandName, exitCode(for: error) == .validationFailure {
                Terminal.tell(fullMessage(for: error))
                Glibc.exit(CheckCommand.couldNotRun.rawValue)
            }
            exit(withError: error)
        }
    }
}

/// How the process ends. `reliability.md` §3
enum ExitStatus: Int32 {
    /// The command line is not one of ours.
    case usage = 64
    /// Files are damaged, or hold what cannot be loaded.
    case data = 65
    /// Another process has the data folder open.
    case locked = 73
    /// The system refuses: a port that is taken, a file that cannot be read.
    case system = 74
    /// Settings under which nothing should start.
    case configuration = 78
}

/// A command that could not do its work: what to say, and how to end.
struct Failure: Error {
    var code: ExitStatus
    var message: String
}

/// Words for a person. Whoever reads them may have gone, or the disk that keeps them may be full: that ends no process.
enum Terminal {
    /// A result on the standard output, at once also where that is a pipe; if it cannot be written, that is told.
    static func show(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
        } catch {
            // A reader that has seen enough is no failure.
            let code = errno
            if code != EPIPE { tell("hearth: the standard output cannot be written (error \(code) of the system)") }
        }
    }

    /// A line on the standard error.
    static func tell(_ line: String) { write(Array((line + "\n").utf8)) }

    /// Bytes on the standard error, as they are. What cannot be written there is told to nobody.
    static func write(_ bytes: [UInt8]) {
        do {
            try FileHandle.standardError.write(contentsOf: Data(bytes))
        } catch {
            // Nothing is left to tell it to.
        }
    }
}
