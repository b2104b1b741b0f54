import FuzzLaws
import Glibc

/// Looks for inputs that break a law of what comes from outside: `Fuzz --target=NAME [OPTIONS OF LIBFUZZER] [FOLDERS OF INPUTS]`
@main
struct Fuzz {
    static func main() {
        exit(runLibFuzzer())
    }
}

extension FuzzTarget {
    /// The one that `--target=NAME` names; libFuzzer passes over options with two hyphens.
    static let chosen: FuzzTarget = {
        let name = CommandLine.arguments.first { $0.hasPrefix("--target=") }?.dropFirst("--target=".count)
        guard let target = name.flatMap({ FuzzTarget(rawValue: String($0)) }) else {
            preconditionFailure("--target is one of \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return target
    }()

    /// Ends the process where a law is broken, which is what a fuzzer looks for.
    func checkOrEnd(_ bytes: [UInt8]) {
        do throws(BrokenLaw) {
            try check(bytes)
        } catch {
            print("\(rawValue): \(error)")
            preconditionFailure("a law is broken")
        }
    }
}
