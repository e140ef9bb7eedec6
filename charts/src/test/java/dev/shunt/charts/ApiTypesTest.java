package dev.shunt.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check itself finds what the API server would refuse. */
class ApiTypesTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec:
        containers:
          - name: c
            image: i
            args: [a]
            env: [{name: N, value: v}]
            resources: {limits: {memory: 1Gi}}
            ports: [{containerPort: 80}]
            readinessProbe: {httpGet: {path: /, port: 80}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image: i          | imagee: i        | unknown field imagee",
        "name: c           | tty: true        | name is missing",
        "value: v          | value: 1         | env[0].value: 1 (expected: String)",
        "args: [a]         | args: a          | args: a (expected: a list)",
        "containerPort: 80 | containerPort: x | containerPort: x (expected: Integer)",
        "port: 80          | port: {n: 1}     | port: {n=1} (expected: IntOrString)",
        "kind: Pod         | kind: Podd       | no such kind in v1",
      })
  void problems_oneMistake_namedWithItsPlace(String right, String wrong, String problem) {
    assertThat(problems(POD)).isEmpty();
    assertThat(problems(POD.replaceFirst("\\b" + Pattern.quote(right), wrong))).contains(problem);
  }

  private static String problems(String yaml) {
    return String.join("\n", ApiTypes.problems(Manifests.parse(yaml).objects().get(0)));
  }
}
