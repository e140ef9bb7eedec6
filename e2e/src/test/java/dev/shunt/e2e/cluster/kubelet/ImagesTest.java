package dev.shunt.e2e.cluster.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.cluster.kubelet.Images.Image;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImagesTest {
  @Test
  void repository_anyReference_losesTagAndDigest() {
    assertThat(Images.repository("nginx")).isEqualTo("nginx");
    assertThat(Images.repository("nginx:1.2")).isEqualTo("nginx");
    assertThat(Images.repository("host:5000/a/b")).isEqualTo("host:5000/a/b");
    assertThat(Images.repository("host:5000/a/b:v1@sha256:00")).isEqualTo("host:5000/a/b");
  }

  @Test
  void of_unknownImage_isTheMachine() {
    Image known = new Image(List.of("/opt/run"), 7, List.of());
    Images images = Images.none().with("a/b", known);

    assertThat(images.of("a/b:2")).isEqualTo(known);
    assertThat(images.of("busybox")).isEqualTo(Image.MACHINE);
  }
}
