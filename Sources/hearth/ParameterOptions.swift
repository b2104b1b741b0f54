import ArgumentParser
import Model

/// Values of parameters that hold where a request says nothing of them.
struct ParameterOptions: ParsableArguments {
    @Option(
        name: .customLong("param"),
        help: ArgumentHelp(
            "A parameter of the model, once for each; profile and area say for which variant and place the others are read.",
            valueName: "name=value"))
    var given: [String] = []

    func scope() throws(Failure) -> ParameterScope {
        var scope = ParameterScope()
        for text in given {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Failure(code: .configuration, message: "--param is not as name=value: \(text)")
            }
            scope.texts[parts[0]] = parts[1]
        }
        return scope
    }
}
