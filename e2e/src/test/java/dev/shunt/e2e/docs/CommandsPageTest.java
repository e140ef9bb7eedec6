package dev.shunt.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ShuntCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The page of commands has a section for each command, which names each of its options. */
class CommandsPageTest {
  private static final Path PAGE = Path.of("../docs/commands.md");

  /** The sections about what commands share, under which the shared options stand. */
  private static final Set<String> SHARED = Set.of("Rules", "Which", "How", "Environment");

  private final Map<String, String> sections = new LinkedHashMap<>();

  CommandsPageTest() throws IOException {
    String title = "";
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        title = line.split(" ", 3)[1];
      }
      sections.merge(title, line + "\n", String::concat);
    }
  }

  @Test
  void page_everyCommand_hasASectionThatNamesItsOptions() {
    String shared =
        SHARED.stream().map(title -> sections.getOrDefault(title, "")).reduce("", String::concat);
    List<String> missing = new ArrayList<>();
    for (CommandLine command : visible(ShuntCommand.commandLine())) {
      String section = sections.getOrDefault(command.getCommandName(), "");
      if (section.isEmpty()) {
        missing.add("section " + command.getCommandName());
      }
      for (String word : words(command)) {
        if (!section.contains(word) && !shared.contains(word)) {
          missing.add(word + " in section " + command.getCommandName());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void page_everySection_isOfACommand() {
    List<String> commands =
        visible(ShuntCommand.commandLine()).stream().map(CommandLine::getCommandName).toList();

    assertThat(sections.keySet())
        .filteredOn(title -> !title.isEmpty() && !SHARED.contains(title))
        .containsExactlyInAnyOrderElementsOf(commands);
  }

  /** Names of the sub-commands, and of the options of all of them. */
  private static List<String> words(CommandLine command) {
    List<String> words = new ArrayList<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        words.add(option.longestName());
      }
    }
    for (CommandLine child : visible(command)) {
      words.add(child.getCommandName());
      words.addAll(words(child));
    }
    return words;
  }

  private static Collection<CommandLine> visible(CommandLine parent) {
    return parent.getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .toList();
  }
}
