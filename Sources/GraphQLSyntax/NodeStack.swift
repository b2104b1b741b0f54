/// Nodes whose siblings are still being read.
///
/// Keeps its memory while it shrinks and grows again, which it does with every pair of braces.
struct NodeStack<Node> {
    private var nodes: [Node] = []
    private(set) var count = 0

    mutating func push(_ node: Node) {
        if count < nodes.count {
            nodes[count] = node
        } else {
            nodes.append(node, roomFor: 16)
        }
        count += 1
    }

    /// Makes siblings adjacent: moves those from `first` on to the end of their document's array.
    mutating func move(from first: Int, to array: inout [Node], roomFor expected: Int) -> Run<Node> {
        let run = Run<Node>(start: array.count, count: count - first)
        if array.isEmpty { array.reserveCapacity(max(expected, 4)) }
        array.append(contentsOf: nodes[first..<count])
        count = first
        return run
    }
}

extension Array {
    /// Appends; where the array has nothing yet, takes room for some more first.
    @inline(__always)
    mutating func append(_ element: Element, roomFor expected: Int) {
        if isEmpty { reserveCapacity(Swift.max(expected, 4)) }
        append(element)
    }
}
