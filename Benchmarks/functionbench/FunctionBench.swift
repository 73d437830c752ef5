/// Carries out one function many times, for a counter of instructions to look at:
/// `functionbench NAME COUNT`; `functionbench` alone prints the names.
///
/// What is counted is the difference between two runs of different counts, so that the making of
/// inputs and the start of the process weigh nothing (`functions.py`).
@main
enum FunctionBench {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let name = arguments.first else {
      for function in Function.all { print(function.name) }
      return
    }
    guard let function = Function.all.first(where: { $0.name == name }),
      let count = arguments.dropFirst().first.flatMap({ Int($0) })
    else { throw Misuse(arguments: Array(arguments)) }
    let work = try function.prepare()
    var sum = 0
    for _ in 0..<count { sum &+= try work() }
    // The result is of use to somebody, so that nothing is optimised away.
    print(sum)
  }
}

/// There is no function of this name, or its count is none.
struct Misuse: Error {
  let arguments: [String]
}

/// A function of the hot paths, with an input of the usual size.
struct Function {
  let name: String
  /// Makes the input, and returns what is to be counted.
  let prepare: () throws -> () throws -> Int

  static var all: [Function] { digests + documents + versions + decisions }
}
