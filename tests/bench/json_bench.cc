#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "json/line_parser.h"

// What reading JSON costs, in memory and on one thread: every byte validated (LineParser), the same and a
// field looked up, simdjson's DOM a line, simdjson's On-Demand a line (which validates only what it visits).
// Rounds are interleaved; the
// fastest of each counts. An input is 1 MiB, so that it stays in the cache as blocks do that were just read.
namespace {

using sz::json::Key;
using sz::json::LineParser;
using sz::json::ParsedLine;

constexpr std::size_t block_size = 256 * 1024;

struct Input {
  const char* name;
  const char* key;    // looked up in each record
  std::string bytes;  // padded
  std::size_t size = 0;
  std::size_t records = 0;
  std::vector<std::size_t> ends;  // of blocks
};

class Maker {
 public:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::string word(std::size_t n) {
    std::string s;
    while (s.size() < n) s += static_cast<char>('a' + below(26));
    return s;
  }
  std::string hex(std::size_t n) {
    std::string s;
    while (s.size() < n) s += "0123456789abcdef"[below(16)];
    return s;
  }
  const char* one_of(std::initializer_list<const char*> words) {
    return words.begin()[below(static_cast<std::uint32_t>(words.size()))];
  }

  std::string log() {
    char text[512];
    const int n = std::snprintf(
        text, sizeof text,
        R"({"ts":"2024-05-%02uT%02u:%02u:%02u.%03uZ","level":"%s","service":"%s","host":"web-%02u","request_id":"%s","method":"%s","path":"/api/v1/%s/%u","status":%u,"latency_ms":%u.%u,"user":{"id":%u,"plan":"%s","country":"%s"},"tags":["%s","%s"]})",
        1 + below(28), below(24), below(60), below(60), below(1000),
        one_of({"info", "warn", "error", "debug"}), one_of({"checkout", "payments", "search", "auth"}),
        below(40), hex(32).c_str(), one_of({"GET", "POST", "PUT"}), word(6 + below(6)).c_str(), below(100000),
        200 + below(4) * 101, below(900), below(100), below(1000000), one_of({"free", "pro", "team"}),
        one_of({"de", "us", "fr", "jp"}), word(5).c_str(), word(6).c_str());
    return {text, static_cast<std::size_t>(n)};
  }
  std::string padded_log() {  // 313 bytes with the newline
    std::string s = log();
    s.pop_back();
    s.resize(s.size() - 1);  // the closing of tags
    s += ",\"";
    if (s.size() < 309) s += word(309 - s.size());
    return s + "\"]}";
  }
  std::string tiny() {
    char text[64];
    const int n =
        std::snprintf(text, sizeof text, R"({"id":%07u,"ok":%s,"v":%u.%02u})", 1000000 + below(9000000),
                      one_of({"true", "null"}), 100 + below(900), below(100));
    return {text, static_cast<std::size_t>(n)};
  }
  std::string big() {
    char text[256];
    std::snprintf(text, sizeof text, R"({"id":%u,"message":")", below(1U << 30));
    std::string s = text;
    s += sentence(900);
    s += R"(","events":[)";
    for (int i = 0; i < 24; ++i) {
      std::snprintf(text, sizeof text, R"(%s{"name":"%s","at":170%010u,"ok":true,"ratio":0.%u})",
                    i != 0 ? "," : "", word(8).c_str(), below(1U << 31), below(1U << 30));
      s += text;
    }
    s += R"(],"trace":")";
    s += hex(64);
    s += R"("})";
    return s;
  }
  std::string escaped() {
    char text[512];
    std::snprintf(
        text, sizeof text,
        R"({"message":"say \"hi\" to \\%s\\here\n","path":"C:\\users\\%s","name":"\u00fc%s\u00e9","id":%u,)"
        R"("html":"<a href=\"\/%s\">\ud83d\ude00<\/a>\t%s","level":"info"})",
        word(4 + below(5)).c_str(), word(7).c_str(), word(5).c_str(), below(1000000), word(8).c_str(),
        word(3).c_str());
    return text;
  }

 private:
  std::string sentence(std::size_t n) {
    std::string s;
    while (s.size() < n) s += word(2 + below(8)) + ' ';
    return s;
  }
  std::mt19937 random_{1};
};

Input make(const char* name, const char* key, std::size_t size, const std::function<std::string()>& record) {
  Input in{name, key, {}, 0, 0, {}};
  std::size_t block = 0;
  while (in.bytes.size() < size) {
    const std::string r = record();
    if (in.bytes.size() + r.size() + 1 - block > block_size) in.ends.push_back(block = in.bytes.size());
    in.bytes += r;
    in.bytes += '\n';
    ++in.records;
  }
  in.ends.push_back(in.size = in.bytes.size());
  in.bytes.append(64, '\0');
  return in;
}

template <class Line>
std::size_t each_line(const Input& in, Line line) {
  std::size_t sum = 0;
  const char* p = in.bytes.data();
  const char* const end = p + in.size;
  while (p < end) {
    const auto* newline = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    sum += line(p, static_cast<std::size_t>(newline - p), static_cast<std::size_t>(end + 64 - p));
    p = newline + 1;
  }
  return sum;
}

template <class Line>
std::size_t each_block(LineParser& parser, const Input& in, Line line) {
  std::size_t sum = 0, from = 0;
  ParsedLine parsed;
  for (const std::size_t end : in.ends) {
    parser.open(in.bytes.data() + from, end - from);
    while (parser.next(parsed)) sum += line(parsed);
    from = end;
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 200;
  Maker m;
  std::vector<Input> inputs;
  inputs.push_back(make("logs, 313 B", "status", 1 << 20, [&] { return m.padded_log(); }));
  inputs.push_back(make("tiny, 38 B", "ok", 1 << 20, [&] { return m.tiny(); }));
  inputs.push_back(make("big, 3 KB", "id", 1 << 20, [&] { return m.big(); }));
  inputs.push_back(make("escapes", "level", 1 << 20, [&] { return m.escaped(); }));
  for (int i = 2; i < argc; ++i) {  // files of NDJSON, with the field "id" looked up
    std::FILE* f = std::fopen(argv[i], "rb");
    if (f == nullptr) continue;
    std::string text;
    char buffer[65536];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, f)) != 0;) text.append(buffer, n);
    std::fclose(f);
    std::size_t at = 0;
    inputs.push_back(make(argv[i], "id", 1 << 20, [&] {
      if (at >= text.size()) at = 0;
      const std::size_t end = std::min(text.find('\n', at), text.size());
      std::string r = text.substr(at, end - at);
      at = end + 1;
      return r;
    }));
  }

  LineParser parser;
  simdjson::dom::parser dom;
  simdjson::ondemand::parser on_demand;
  std::printf("simdjson kernel: %s\n", simdjson::get_active_implementation()->name().c_str());
  for (const Input& in : inputs) {
    const Key key(in.key);
    struct Way {
      const char* name;
      std::function<std::size_t()> run;
      double best = 1e9;
      std::size_t sum = 0;
    };
    std::vector<Way> ways;
    ways.push_back({"validate", [&] {
                      return each_block(parser, in,
                                        [](const ParsedLine& l) { return l.value.valid() ? 1u : 0u; });
                    }});
    ways.push_back({"validate + field", [&] {
                      return each_block(parser, in, [&](const ParsedLine& l) {
                        const auto value = l.value.field(key);
                        return value ? 1u + (value->raw().size() > 100 ? 1u : 0u) : 0u;
                      });
                    }});
    ways.push_back({"simdjson DOM + field", [&] {
                      return each_line(in, [&](const char* p, std::size_t n, std::size_t) {
                        simdjson::dom::element doc;
                        if (dom.parse(p, n, false).get(doc)) return 0u;
                        simdjson::dom::element value;
                        return doc[in.key].get(value) == simdjson::SUCCESS ? 1u : 0u;
                      });
                    }});
    ways.push_back({"simdjson On-Demand field, not validated", [&] {
                      return each_line(in, [&](const char* p, std::size_t n, std::size_t room) {
                        simdjson::ondemand::document doc;
                        if (on_demand.iterate(p, n, std::min(room, n + simdjson::SIMDJSON_PADDING)).get(doc))
                          return 0u;
                        simdjson::ondemand::value value;
                        return doc.find_field_unordered(in.key).get(value) == simdjson::SUCCESS ? 1u : 0u;
                      });
                    }});
    for (int round = 0; round < rounds; ++round) {
      for (Way& way : ways) {
        const auto start = std::chrono::steady_clock::now();
        way.sum = way.run();
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
        way.best = std::min(way.best, spent.count());
      }
    }
    std::printf("%s: %zu records of %.1f bytes\n", in.name, in.records,
                static_cast<double>(in.size) / static_cast<double>(in.records));
    for (const Way& way : ways) {
      std::printf("  %-42s %6.2f GB/s %8.1f ns/record  (%zu)\n", way.name,
                  static_cast<double>(in.size) / way.best / 1e9,
                  way.best * 1e9 / static_cast<double>(in.records), way.sum);
    }
  }
}
