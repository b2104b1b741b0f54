/// What the command line asks for.
struct Command {
    enum Format: String { case table, json }

    struct Misused: Error, CustomStringConvertible {
        var description: String
    }

    var effort = Effort.full
    var isQuick = false
    var format = Format.table
    var asksForHelp = false
    /// Whether other implementations are measured beside ours.
    var wantsPeers = false
    /// The folder whose import is measured; nil: the sample.
    var importFolder: String?
    /// The folder of the snapshot that is written again; nil: the sample.
    var snapshotFolder: String?
    /// The data that the reference questions are asked of, a file with their variables, and a folder for their answers.
    var referenceFolder: String?
    var parameters: String?
    var answers: String?
    /// The CSV files of the same data, and a folder for what other systems make of them.
    var csvFolder: String?
    var workFolder: String?
    /// Of the reference questions, those that are asked; empty: all.
    var questions: [String] = []
    /// Whether it is told how each was answered with nothing kept, in place of measuring.
    var explains = false
    /// Set where one row is to be called so often, and nothing measured: for a profiler.
    var calls: Int?
    var row = 1
    var groups: [String] = []

    static func help(groups: [String]) -> String {
        """
        usage: ./hearth bench [GROUP…] [--quick] [--format table|json] [--samples N] [--peers] [--folder CSVFOLDER]
                              [--snapshot FOLDER] [--data FOLDER --parameters FILE [--csv CSVFOLDER]]
               ./hearth bench GROUP --row NUMBER --calls NUMBER

        Groups: \(groups.joined(separator: ", ")). Without one: all of them.
        --quick         a few milliseconds a row, to see that everything still runs
        --format json   for a machine
        --peers         others beside ours, where they are installed: graphql-core for the language; SQLite, DuckDB and
                        PostgreSQL for the reference questions, whose answers are held against ours first. By
                        `python3 -m venv .build/peers && .build/peers/bin/pip install graphql-core duckdb 'psycopg[binary]'`
                        and Debian's `postgresql`; SQLite comes with Python
        --folder        the folder of CSV files whose import is measured
        --snapshot      the folder of a snapshot (versions/… of a data folder) that is opened and written again
        --samples       how often each row is measured
        --data          what the reference questions are asked of: a data folder or CSV files, of the model in Bench/Reference;
                        `Bench/Reference/peers ask` asks other systems the same by itself, and ours over HTTP
        --parameters    a JSON file of the variables by question (`peers parameters` makes one)
        --csv           the CSV files of the data, for --peers
        --work          where other systems keep what they make of them; .build/peers/work unless it is said
        --answers       a folder for the answers, one a line, to be compared with others'
        --question      one of the reference questions, by name; may be given more than once
        --explain       tells how each reference question is answered with nothing kept, and measures nothing
        --calls         calls the body of one row so often and measures nothing, for a profiler or a counter:
                        `perf stat -e instructions:u ./hearth bench rows --row 2 --calls 1000`
        """
    }

    init(_ arguments: [String], groups known: [String]) throws(Misused) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": asksForHelp = true
            case "--quick": (effort, isQuick) = (.quick, true)
            case "--peers": wantsPeers = true
            case "--format":
                guard let format = rest.popFirst().flatMap(Format.init) else {
                    throw Misused(description: "--format is table or json.")
                }
                self.format = format
            case "--folder": importFolder = try Self.value(of: argument, &rest)
            case "--snapshot": snapshotFolder = try Self.value(of: argument, &rest)
            case "--samples": effort.samples = max(1, try Self.number(of: argument, &rest))
            case "--data": referenceFolder = try Self.value(of: argument, &rest)
            case "--parameters": parameters = try Self.value(of: argument, &rest)
            case "--csv": csvFolder = try Self.value(of: argument, &rest)
            case "--work": workFolder = try Self.value(of: argument, &rest)
            case "--answers": answers = try Self.value(of: argument, &rest)
            case "--question": questions.append(try Self.value(of: argument, &rest))
            case "--explain": explains = true
            case "--calls": calls = try Self.number(of: argument, &rest)
            case "--row": row = try Self.number(of: argument, &rest)
            default:
                guard known.contains(argument) else {
                    throw Misused(
                        description: "no group is called '\(argument)'; there are \(known.joined(separator: ", ")).")
                }
                groups.append(argument)
            }
        }
        if groups.isEmpty { groups = known }
        if wantsPeers, referenceFolder != nil, csvFolder == nil {
            throw Misused(description: "--peers with --data needs --csv, the same data as CSV files.")
        }
        if calls != nil, groups.count != 1 { throw Misused(description: "--calls takes one group.") }
    }

    private static func value(of name: String, _ rest: inout ArraySlice<String>) throws(Misused) -> String {
        guard let value = rest.popFirst() else { throw Misused(description: "\(name) needs a value.") }
        return value
    }

    private static func number(of name: String, _ rest: inout ArraySlice<String>) throws(Misused) -> Int {
        guard let number = Int(try value(of: name, &rest)), number >= 0 else {
            throw Misused(description: "\(name) needs a number.")
        }
        return number
    }
}
