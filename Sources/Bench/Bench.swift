import Foundation

/// Measures the road of a request, step by step, and prints what came out.
///
///     ./hearth bench [--quick] [BODY…]
///
/// Machines are noisy: quote the ratios between rows of one run, not the times.
@main
enum Bench {
    static func main() async throws {
        var names = Array(CommandLine.arguments.dropFirst())
        let isQuick = names.contains("--quick")
        names.removeAll { $0 == "--quick" }
        let known = ["steps", "scan", "http"]
        if let other = names.first(where: { !known.contains($0) }) {
            FileHandle.standardError.write(
                Data("bench: no body is called '\(other)'; there are \(known.joined(separator: ", "))\n".utf8))
            exit(64)
        }
        let effort = isQuick ? Effort(samples: 5, sampleMilliseconds: 5) : Effort(samples: 31, sampleMilliseconds: 50)
        print("cores \(ProcessInfo.processInfo.activeProcessorCount), \(isQuick ? "quick" : "full") run")
        let sample = try Sample.load()
        if names.isEmpty || names.contains("steps") { try RequestSteps(sample: sample).run(effort) }
        if names.isEmpty || names.contains("scan") { ColumnScan().run(effort) }
        if names.isEmpty || names.contains("http") { try await WholeRequest(sample: sample).run(effort) }
    }
}
