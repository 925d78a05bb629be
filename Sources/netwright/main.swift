print("netwright")
