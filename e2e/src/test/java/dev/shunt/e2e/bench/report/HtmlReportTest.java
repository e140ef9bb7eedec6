package dev.shunt.e2e.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  @Test
  void page_documentWithMarkup_cannotLeaveItsScript() throws Exception {
    String page = HtmlReport.page(Map.of("cells", List.of(), "command", "</script><b>"));

    assertThat(page)
        .contains("\\u003c/script>\\u003cb>")
        .doesNotContain("</script><b>")
        .doesNotContain("/*DOCUMENT*/null");
  }

  @Test
  void page_anyDocument_needsNothingElse() throws Exception {
    assertThat(HtmlReport.page(Map.of()))
        .doesNotContain("src=", "href=", "@import", "http://", "https://");
  }
}
