#include "differential/peer.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace sz::differential {

std::string Peer::version() const {
  std::string line;
  FILE* pipe = popen((command_ + " --version 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return line;
  char buffer[256];
  if (std::fgets(buffer, sizeof buffer, pipe) != nullptr) line = buffer;
  if (pclose(pipe) != 0) line.clear();
  return line.substr(0, line.find('\n'));
}

std::vector<Answer> Peer::ask(const std::vector<std::string>& programs,
                              const std::vector<std::string>& documents) {
  std::vector<Answer> answers(programs.size() * documents.size());
  std::ofstream file(folder_ + "/documents");
  for (const std::string& d : documents) file << d << '\n';
  file.close();
  ask(programs, documents, 0, programs.size(), answers);
  return answers;
}

void Peer::ask(const std::vector<std::string>& programs, const std::vector<std::string>& documents,
               std::size_t from, std::size_t to, std::vector<Answer>& answers) {
  if (from == to) return;
  {
    std::ofstream file(folder_ + "/program");
    for (std::size_t p = from; p < to; ++p)
      file << (p > from ? ",\n" : "") << "(try [0, [" << programs[p] << "]] catch [1, .])";
  }
  const int seconds = to - from > 1 ? 20 : 5;
  const std::string line = fmt::format("timeout -k 1 {} {} -c -f {}/program {}/documents 2>{}/complaint",
                                       seconds, command_, folder_, folder_, folder_);
  std::vector<std::string> lines;
  FILE* pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return;
  std::string text;
  char buffer[65536];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, n);
  const int status = pclose(pipe);
  std::istringstream in(text);
  for (std::string l; std::getline(in, l);) lines.push_back(std::move(l));
  if (status == 0 && lines.size() == (to - from) * documents.size()) {
    for (std::size_t d = 0; d < documents.size(); ++d)
      for (std::size_t p = from; p < to; ++p)
        answers[p * documents.size() + d] = std::move(lines[d * (to - from) + (p - from)]);
    return;
  }
  if (to - from == 1) {
    std::ifstream said(folder_ + "/complaint");
    std::string complaint;
    std::getline(said, complaint);
    complaints_.push_back(fmt::format("{}: status {} {}", programs[from], status, complaint));
    return;
  }
  const std::size_t middle = from + (to - from) / 2;
  ask(programs, documents, from, middle, answers);
  ask(programs, documents, middle, to, answers);
}

}  // namespace sz::differential
