"""The three tasks of the load generator, for teams that use Locust.

    locust -f locustfile.py --host http://127.0.0.1:8080 --headless --users 20 --run-time 1m

There is no host by default: what is put under load is named. Locust is closed-loop: a user waits for its answer before it
asks again, so a server that stalls is asked less. For latencies under a fixed rate, use the load generator beside this file.
"""

from locust import HttpUser, constant_throughput, task

ROW = [5.1, 3.5, 1.4, 0.2]


class ModelUser(HttpUser):
    """Asks ten times a second, if the server is fast enough."""

    wait_time = constant_throughput(10)

    @task(8)
    def single(self):
        self.client.post("/predict", json={"data": [ROW]}, name="single")

    @task(1)
    def batch(self):
        self.client.post("/predict", json={"data": [ROW] * 100}, name="batch")

    @task(1)
    def health(self):
        self.client.get("/health", name="health")
