#pragma once

#include <cstdint>
#include <string>

namespace sz {

/// Names a piece of work outside, unique in a run.
using RequestId = std::uint64_t;

/// Work outside that a stage asks for; the host does it and answers with a Result. What a request can say
/// grows with the stages that ask.
struct Request {
  std::string input;  ///< bytes handed to the work
};

/// What came of a request.
struct Result {
  bool ok = false;
  std::string output;  ///< bytes it gave back
  std::string error;   ///< one phrase if not ok
};

}  // namespace sz
