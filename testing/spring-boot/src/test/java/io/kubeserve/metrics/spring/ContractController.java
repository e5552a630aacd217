package io.kubeserve.metrics.spring;

import java.net.URI;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * The routes of the HTTP contract, for MVC and WebFlux alike; answers as long as the Python ones.
 */
@RestController
class ContractController {
  @RequestMapping("/items/{item_id}")
  ResponseEntity<byte[]> item(@PathVariable("item_id") String item, HttpMethod method) {
    if (!method.equals(HttpMethod.GET)) {
      return answer(405, 31);
    }
    return item.matches("[0-9]+") ? answer(200, 13) : answer(422, 147);
  }

  /** Spring answers OPTIONS itself, where no method says that it does. */
  @RequestMapping(path = "/items/{item_id}", method = RequestMethod.OPTIONS)
  ResponseEntity<byte[]> options() {
    return answer(405, 31);
  }

  @RequestMapping("/items/{item_id}/")
  ResponseEntity<byte[]> redirect(@PathVariable("item_id") String item) {
    return ResponseEntity.status(307).location(URI.create("/items/" + item)).build();
  }

  @PostMapping("/v1/models/{name}:predict")
  ResponseEntity<byte[]> predict(@RequestBody byte[] body) {
    return answer(200, 8);
  }

  @RequestMapping("/boom")
  ResponseEntity<byte[]> boom() {
    throw new IllegalStateException("boom");
  }

  @RequestMapping("/**")
  ResponseEntity<byte[]> notFound() {
    return answer(404, 22);
  }

  private static ResponseEntity<byte[]> answer(int status, int length) {
    return ResponseEntity.status(status).body(new byte[length]);
  }
}
