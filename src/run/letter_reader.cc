#include "run/letter_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/quote.h"
#include "run/input_name.h"

namespace sz::run {
namespace {

constexpr std::size_t piece = std::size_t{256} << 10;
constexpr std::size_t readable_behind = 64;

SystemError cannot_read(const std::string& path, int error) {
  return {fmt::format("cannot read {}: {}", input_name(path), system_words(error))};
}

std::optional<std::uint64_t> whole_number(const json::Node& node) {
  std::uint64_t number = 0;
  const std::string_view text = node.raw();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// False if `node` is no letter that this version knows. Members that are not looked for may be anything.
bool read(const json::Node& node, ReadLetter& letter) {
  if (node.kind() != json::Kind::object) return false;
  letter.line = letter.index = letter.group = 0;
  letter.truncated = false;
  letter.original = letter.original_b64 = letter.record = letter.record_b64 = std::nullopt;
  const std::array<std::pair<std::string_view, std::string*>, 5> texts{{{"ts", &letter.ts},
                                                                        {"run", &letter.run},
                                                                        {"src", &letter.source},
                                                                        {"stage", &letter.stage},
                                                                        {"kind", &letter.kind}}};
  const std::array<std::pair<std::string_view, std::uint64_t*>, 3> numbers{
      {{"line", &letter.line}, {"index", &letter.index}, {"group", &letter.group}}};
  const std::array<std::pair<std::string_view, std::optional<json::Node>*>, 3> strings{
      {{"original", &letter.original},
       {"original_b64", &letter.original_b64},
       {"record_b64", &letter.record_b64}}};
  bool known = false;
  unsigned found = 0;
  std::string scratch;
  for (const auto [key, value] : node.members()) {
    const bool text = value.kind() == json::Kind::string;
    if (key.string_is("v")) known = value.raw() == "1";
    if (key.string_is("record")) letter.record = value;
    if (key.string_is("truncated")) letter.truncated = value.raw() == "true";
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (text && key.string_is(texts[i].first)) {
        *texts[i].second = value.string(scratch);
        found |= 1U << i;
      }
    for (const auto& [name, target] : numbers)
      if (key.string_is(name)) {
        const auto number = whole_number(value);
        if (!number) return false;
        *target = *number;
      }
    for (const auto& [name, target] : strings)
      if (text && key.string_is(name)) *target = value;
  }
  return known && found == (1U << texts.size()) - 1;
}

}  // namespace

std::expected<LetterReader, SystemError> LetterReader::open(const std::string& path) {
  LetterReader reader;
  reader.path_ = path;
  reader.fd_ = 0;
  if (path != "-") {
    do reader.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (reader.fd_ < 0 && errno == EINTR);
    if (reader.fd_ < 0) return std::unexpected(cannot_read(path, errno));
    reader.own_ = Descriptor(reader.fd_);
  }
  // Writers hold the lock while they append, so that under it the size is at the end of a line.
  const bool locked = ::flock(reader.fd_, LOCK_SH) == 0;
  struct stat status{};
  const int looked = ::fstat(reader.fd_, &status);
  const int error = errno;
  if (locked) ::flock(reader.fd_, LOCK_UN);
  if (looked != 0) return std::unexpected(cannot_read(path, error));
  if (S_ISDIR(status.st_mode)) return std::unexpected(cannot_read(path, EISDIR));
  reader.left_ = std::numeric_limits<std::uint64_t>::max();
  if (S_ISREG(status.st_mode)) {
    const off_t at = ::lseek(reader.fd_, 0, SEEK_CUR);
    reader.left_ = static_cast<std::uint64_t>(std::max<off_t>(status.st_size - at, 0));
  }
  return reader;
}

/// Reads until there is a block of whole lines; false if there is nothing more.
bool LetterReader::fill() {
  filled_ -= block_;
  if (filled_ != 0) std::memmove(buffer_.data(), buffer_.data() + block_, filled_);
  block_ = 0;
  for (std::size_t scanned = 0; !over_;) {
    if (buffer_.size() < filled_ + piece + readable_behind)
      buffer_.resize(2 * filled_ + piece + readable_behind);
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece, left_));
    const ssize_t size = wanted == 0 ? 0 : ::read(fd_, buffer_.data() + filled_, wanted);
    if (size < 0) {
      if (errno == EINTR) continue;
      fault_ = cannot_read(path_, errno);
      return false;
    }
    over_ = size == 0;
    left_ -= static_cast<std::uint64_t>(size);
    filled_ += static_cast<std::size_t>(size);
    if (over_ && filled_ != 0)
      buffer_[filled_++] = '\n';  // the last line lacks it: a letter or the half of one
    const std::string_view fresh(buffer_.data() + scanned, filled_ - scanned);
    const std::size_t last = fresh.rfind('\n');
    if (last != std::string_view::npos) {
      block_ = scanned + last + 1;
      parser_.open(buffer_.data(), block_);
      return true;
    }
    scanned = filled_;
  }
  return false;
}

bool LetterReader::next(ReadLetter& letter) {
  json::ParsedLine line;
  for (;;) {
    if (block_ == 0 || !parser_.next(line)) {
      if (!fill()) return false;
      continue;
    }
    if (line.blank()) continue;
    if (line.fault)
      ++torn_;
    else if (read(line.value, letter))
      return true;
    else
      ++foreign_;
  }
}

}  // namespace sz::run
