#include "show.h"

#include <algorithm>

#include <fmt/format.h>

namespace sz::simulate {
namespace {

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte >= 0x7F || c == '\\')
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

std::string show(const Result& r) {
  std::string out = fmt::format("lines {} blank {} (none filtered dropped merged out failed) {}\n", r.lines,
                                r.blank, fmt::join(r.fates, " "));
  for (std::size_t i = 0; i < r.sums.size(); ++i) {
    const Sums& s = r.sums[i];
    out += fmt::format("step {}: in {} made {} out {} filtered {} merged {} failed {} dropped {}\n", i + 1,
                       s.in, s.made, s.out, s.filtered, s.merged, s.failed, s.dropped);
  }
  for (const auto& [letter, n] : r.letters) out += fmt::format("letter x{} {}\n", n, printable(letter));
  for (const auto& [name, bytes] : r.files) out += fmt::format("file {}: {}\n", name, printable(bytes));
  for (const auto& [at, total] : r.written)
    out += fmt::format("{} bytes by {} ms\n", total, at / millisecond);
  return out + r.output;
}

}  // namespace

std::string shell_words(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    if (!all.empty()) all += ' ';
    const bool plain =
        !word.empty() &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=") ==
            std::string::npos;
    all += plain ? word : "'" + word + "'";
  }
  return all;
}

std::string show(const Scenario& s) {
  std::string out = fmt::format("seed {}\nsz {}\n", s.seed, shell_words(s.words(1)));
  for (const InputFile& file : s.inputs) {
    out += fmt::format("input {}{}\n", file.path,
                       file.missing   ? " (missing)"
                       : file.regular ? " (regular)"
                                      : "");
    const std::string bytes = file.bytes();
    if (file.regular) {
      out += fmt::format("  printf '{}'\n", printable(bytes.substr(0, 4000)));
      continue;
    }
    std::size_t at = 0;
    for (const InputFile::Piece& piece : file.pieces) {
      out += fmt::format("  {:>6} ms '{}'\n", piece.at / millisecond,
                         printable(bytes.substr(at, std::min<std::size_t>(piece.size, 1000))));
      at += piece.size;
    }
    out += fmt::format("  {:>6} ms end\n", file.ends / millisecond);
  }
  if (s.signal)
    out += fmt::format("TERM after {} ms, drain timeout {} ms\n", *s.signal / millisecond,
                       s.drain / millisecond);
  if (s.report) out += fmt::format("USR1 after {} ms\n", *s.report / millisecond);
  if (s.closes) out += fmt::format("output closed after {} ms\n", *s.closes / millisecond);
  if (s.write_limit != 0)
    out += fmt::format("output takes {} bytes each {} ms\n", s.write_limit, s.write_pause / millisecond);
  if (s.output_fails) out += fmt::format("output fails at byte {}\n", *s.output_fails);
  return out;
}

std::string show_results(const Expectation& expected, const Observed& observed) {
  std::string out = fmt::format("--- wanted{}{}\n{}--- got", expected.uncertain ? " (bytes open)" : "",
                                expected.reading_open ? " (reading open)" : "", show(expected.result));
  if (observed.broken) return out + fmt::format(" nothing: {}\n", *observed.broken);
  out += '\n' + show(observed.result);
  if (observed.signal != 0) out += fmt::format("ended by signal {}\n", observed.signal);
  if (observed.output_closed) out += "output closed\n";
  if (observed.stopped) out += "stopped by failures\n";
  if (!observed.error.empty()) out += "error: " + observed.error + '\n';
  return out + observed.notices;
}

}  // namespace sz::simulate
