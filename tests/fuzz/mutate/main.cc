#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "fuzz/fuzz.h"

// mutate FOLDER SECONDS [SEED]: a fuzz target without libFuzzer, for the compiler that users have. Gives it
// every file of FOLDER and then, for SECONDS, seeded mutations of them. FOLDER.last holds the input under
// way, for when it breaks.

namespace {

using Random = std::mt19937_64;

std::size_t pick(Random& random, std::size_t n) { return n == 0 ? 0 : random() % n; }

std::string mutated(std::string text, const std::vector<std::string>& corpus, Random& random) {
  for (std::size_t left = 1 + pick(random, 4); left > 0; --left) {
    const std::size_t at = pick(random, text.size() + 1), length = pick(random, text.size() - at + 1);
    switch (pick(random, 5)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(pick(random, text.size() + 1), text.substr(at, length));
        break;
      case 3: {
        constexpr std::string_view letters = ".|,;:()[]{}?/\"\\$@-+*%=<>!&#~ 019aeE_\n";
        text.insert(at, 1, letters[pick(random, letters.size())]);
        break;
      }
      default: {
        const std::string& other = corpus[pick(random, corpus.size())];
        const std::size_t from = pick(random, other.size() + 1);
        text.insert(at, other.substr(from, pick(random, other.size() - from + 1)));
      }
    }
    if (text.size() > 4096) text.resize(4096);
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::filesystem::path folder = argv[1];
  std::vector<std::filesystem::path> files(std::filesystem::directory_iterator(folder), {});
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  if (corpus.empty()) return 2;
  const auto give = [&](const std::string& text) {
    std::ofstream(folder.string() + ".last", std::ios::binary) << text;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  for (const std::string& text : corpus) give(text);
  Random random(argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[2]));
  std::size_t runs = corpus.size();
  for (; std::chrono::steady_clock::now() < end; ++runs)
    give(mutated(corpus[pick(random, corpus.size())], corpus, random));
  fmt::print("{}: {} inputs, {} of them seeds\n", folder.filename().string(), runs, corpus.size());
  return 0;
}
