package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTextTest {
  private static final Pattern C_CONSTANT = Pattern.compile("REASON_([A-Z_]+) = (\\d+)");

  @ParameterizedTest
  @EnumSource(Reason.class)
  void of_everyReason_hasSentenceAndRemedy(Reason reason) {
    ReasonText text = ReasonText.of(reason);

    assertThat(text.sentence()).matches("[A-Z].*\\.").doesNotContain("  ");
    assertThat(text.remedy()).matches("[A-Z].*\\.").doesNotContain("  ");
  }

  @Test
  void reasons_comparedWithTheHeader_sameNamesAndNumbers() throws IOException {
    Map<Integer, String> header = new TreeMap<>();
    Matcher constants = C_CONSTANT.matcher(Files.readString(Path.of("../bpf/include/reasons.h")));
    while (constants.find()) {
      header.put(Integer.parseInt(constants.group(2)), constants.group(1));
    }
    header.values().remove("COUNT");

    Map<Integer, String> java = new TreeMap<>();
    for (Reason reason : Reason.values()) {
      java.put(reason.number(), reason.name());
    }
    assertThat(java).isEqualTo(header);
  }
}
