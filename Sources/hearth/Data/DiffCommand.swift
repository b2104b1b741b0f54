import ArgumentParser
import JSONText

/// `hearth diff FROM TO --data FOLDER`
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Compares two versions of a data folder, as the API's diff does.",
        discussion: "The answer is JSON: counts by type, how often values of enums changed, and the first rows that differ.")

    @OptionGroup var register: RegisterOptions

    @Option(help: ArgumentHelp("The data folder. It is not changed.", valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp("Only this type; once for each.", valueName: "name"))
    var type: [String] = []

    @Option(help: ArgumentHelp("How many rows are listed.", valueName: "number"))
    var first = 50

    @Flag(help: "Shows what fields hold that tell about a person, and not only that they differ.")
    var personal = false

    @Argument(help: "The number of the earlier version.")
    var from: String

    @Argument(help: "The number of the later version.")
    var to: String

    private static let document = """
        query Difference($from: String!, $to: String!, $type: [String!], $first: Int, $personal: Boolean) {
          diff(from: $from, to: $to) {
            from to
            types(type: $type, personal: $personal) { type added removed changed transitions { field from to count } }
            rows(type: $type, first: $first, personal: $personal) {
              nodes { type key change fields { field old new hidden } }
              pageInfo { hasNextPage endCursor }
            }
          }
        }
        """

    func run() throws {
        let loaded = try OpenedRegister.open(register, DataOptions.reading(data))
        let answer = loaded.answer(Self.document, variables: variables, asOf: register.today()())
        Terminal.show(String(decoding: answer.body, as: UTF8.self))
        if !answer.isWhole { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private var variables: String {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.name("from")
        writer.string(from)
        writer.name("to")
        writer.string(to)
        writer.name("first")
        writer.int(first)
        writer.name("personal")
        writer.boolean(personal)
        if !type.isEmpty {
            writer.name("type")
            writer.beginArray()
            for name in type {
                writer.separate()
                writer.string(name)
            }
            writer.endArray()
        }
        writer.endObject()
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}
