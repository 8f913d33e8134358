#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sz::differential {

/// What one program gave for one document: `[0, [outputs]]` or `[1, message]`, as JSON; nothing if the peer
/// died of it.
using Answer = std::optional<std::string>;

/// Another implementation of the language, run as a command on many programs at once.
class Peer {
 public:
  /// `folder` is for its files.
  Peer(std::string command, std::string folder) : command_(std::move(command)), folder_(std::move(folder)) {}
  const std::string& name() const { return command_; }
  /// The first line of what `--version` prints: jq-1.6. Empty: it is not installed.
  std::string version() const;

  /// answers[p * documents + d]. Programs on which it crashes, hangs or fails to compile are found by
  /// halving; the reason of the last one is in `complaint`.
  std::vector<Answer> ask(const std::vector<std::string>& programs,
                          const std::vector<std::string>& documents);
  /// Those programs, with what it said, since the last time.
  std::vector<std::string> take_complaints() { return std::exchange(complaints_, {}); }

 private:
  void ask(const std::vector<std::string>& programs, const std::vector<std::string>& documents,
           std::size_t from, std::size_t to, std::vector<Answer>& answers);

  std::string command_, folder_;
  std::vector<std::string> complaints_;
};

}  // namespace sz::differential
