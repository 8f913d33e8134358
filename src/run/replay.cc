#include "run/replay.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

#include "core/base64.h"
#include "core/failure.h"
#include "core/quote.h"
#include "run/descriptor.h"
#include "run/input_name.h"
#include "run/letter_reader.h"

namespace sz::run {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;

bool wanted(const std::vector<std::string>& list, const std::string& item) {
  return list.empty() || std::ranges::find(list, item) != list.end();
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

class Replayer {
 public:
  explicit Replayer(const plan::Replay& request) : request_(request) {}

  /// Appends what the letter stands for.
  void take(const ReadLetter& letter, std::string& out) {
    if (!wanted(request_.kinds, letter.kind) || !wanted(request_.stages, letter.stage)) return;
    const bool printed =
        request_.as == plan::Replay::As::record ? record(letter, out) : original(letter, out);
    if (!printed) ++missing_;
  }
  std::uint64_t missing() const { return missing_; }

 private:
  /// False if the letter has not the whole of it.
  bool original(const ReadLetter& letter, std::string& out) {
    if (letter.line == 0 || letter.truncated) return false;
    if (!letter.original && !letter.original_b64) return false;
    if (!seen_.insert(fmt::format("{}\n{}\n{}", letter.run, letter.line, letter.source)).second) return true;
    return whole_original(letter, out);
  }

  bool record(const ReadLetter& letter, std::string& out) {
    const std::string group =
        letter.group == 0 ? std::string() : fmt::format("{}\n{}", letter.run, letter.group);
    if (letter.record || letter.record_b64) {
      if (!group.empty()) seen_.insert(group);
      if (!letter.record) return bytes(*letter.record_b64, out);
      out += letter.record->raw();
      out += '\n';
      return true;
    }
    if (!group.empty()) return seen_.contains(group);
    return !letter.truncated && whole_original(letter, out);
  }

  bool whole_original(const ReadLetter& letter, std::string& out) {
    if (letter.original) {
      out += letter.original->string(scratch_);
      out += '\n';
      return true;
    }
    return letter.original_b64 && bytes(*letter.original_b64, out);
  }

  bool bytes(const json::Node& base64, std::string& out) {
    const auto decoded = from_base64(base64.string(scratch_));
    if (!decoded) return false;
    out += *decoded;
    out += '\n';
    return true;
  }

  const plan::Replay& request_;
  std::unordered_set<std::string> seen_;  ///< lines, or groups, that were printed
  std::string scratch_;
  std::uint64_t missing_ = 0;
};

}  // namespace

int replay(const plan::Replay& request, int output, const StderrSink& error) {
  const auto complain = [&](std::string_view what) { error(fmt::format("sz: {}\n", what)); };
  for (const std::string& kind : request.kinds)
    if (!failure_kind(kind)) {
      complain(fmt::format("there is no kind \"{}\" of dead letters", quote(kind)));
      return 2;
    }
  auto reader = LetterReader::open(request.file);
  if (!reader) {
    complain(reader.error().message);
    return 3;
  }
  Replayer replayer(request);
  ReadLetter letter;
  std::string out;
  int fault = 0;
  while (fault == 0 && reader->next(letter)) {
    replayer.take(letter, out);
    if (out.size() < buffer_size) continue;
    fault = write_all(output, out);
    out.clear();
  }
  if (fault == 0) fault = write_all(output, out);

  std::string skipped;
  const auto skip = [&](std::uint64_t count, std::string_view one, std::string_view many) {
    if (count != 0) skipped += (skipped.empty() ? "" : ", ") + counted(count, one, many);
  };
  const std::string_view what = request.as == plan::Replay::As::record ? "record" : "original";
  skip(replayer.missing(), fmt::format("letter without a whole {}", what),
       fmt::format("letters without a whole {}", what));
  skip(reader->torn(), "torn line", "torn lines");
  skip(reader->foreign(), "line that is no dead letter", "lines that are no dead letters");
  if (!skipped.empty()) complain(fmt::format("{}: skipped {}", input_name(request.file), skipped));
  if (reader->fault()) complain(reader->fault()->message);
  if (fault != 0) complain(fmt::format("cannot write standard output: {}", system_words(fault)));
  if (reader->fault() || fault != 0) return 3;
  return replayer.missing() != 0 ? 1 : 0;
}

}  // namespace sz::run
