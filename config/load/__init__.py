"""The site under load: many marketers at once, and ten minutes of them while processes are killed.

`house` makes what they work on, `site` runs the web server and the workers, `browsing`, `marketers`
and `together` are the people (locust), `drive` lets them loose, `bench` and `soak` are the two
programs, `telling` their tables, `holding` what must hold in the end.
"""
