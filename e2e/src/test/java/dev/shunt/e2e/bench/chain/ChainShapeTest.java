package dev.shunt.e2e.bench.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Wire;
import org.junit.jupiter.api.Test;

class ChainShapeTest {
  @Test
  void name_anyShape_tellsWhatItIsMadeOf() {
    assertThat(shape(ChainProxy.ENVOY, Wire.HTTP2, 1 << 20).name())
        .isEqualTo("chain/envoy/http2/redirect/1MB/16c");
    assertThat(shape(ChainProxy.HAPROXY, Wire.HTTP1, 64 << 10).name())
        .isEqualTo("chain/haproxy/http1/redirect/64KB/16c");
  }

  @Test
  void appPort_http2_isTheHttp1PortBehindNginxOnly() {
    assertThat(shape(ChainProxy.NGINX, Wire.HTTP2, 1024).appPort()).isEqualTo(NginxApp.PORT);
    assertThat(shape(ChainProxy.ENVOY, Wire.HTTP2, 1024).appPort()).isEqualTo(NginxApp.HTTP2_PORT);
  }

  private static ChainShape shape(ChainProxy proxy, Wire wire, int bodyBytes) {
    return new ChainShape(proxy, wire, Capture.REDIRECT, bodyBytes, 16);
  }
}
